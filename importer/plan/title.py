"""One title of an import: the row that counts, and what is decided of it."""

from __future__ import annotations

from importer.model import AccountRating, Date, Ids, Item, Kind, Note, Outcome, Reason, maker, value


@value
class Title:
    """One title of this import and its decision: PENDING is sent, everything else is left as it is.

    `item` is what the winning row says and `n` its number, `others` are the numbers of the rows that it won over, and
    `ids` the trusted ids of all of them. `date` is the date that the row is judged by, `rated_at` the moment to send
    for it, seconds since the epoch; `instead` is the start of a run where that is sent in place of both.

    `asked` is the number of its question, `simkl` the title that this led to before, None if it never led anywhere
    or to a wrong one: `hidden` is then the account's rating of that. `theirs` is the account's rating of the title
    before this run; where something is owed to the title, that.
    """

    n: int
    item: Item
    ids: Ids
    rating: int
    date: Date
    rated_at: int
    others: tuple[int, ...] = ()
    asked: int = 0
    simkl: int | None = None
    theirs: AccountRating | None = None
    hidden: AccountRating | None = None
    outcome: Outcome = Outcome.PENDING
    reason: Reason | None = None
    note: Note | None = None
    instead: Date | None = None

    @property
    def key(self) -> str:
        """Return the key of the winning row."""
        return self.item.key

    @property
    def kind(self) -> Kind:
        """Return what it is sent as."""
        return self.item.kind or Kind.MOVIE

    @property
    def sent_date(self) -> Date:
        """Return the date that it is sent with."""
        return self.date if self.instead is None else self.instead

    @property
    def sent_at(self) -> int:
        """Return the moment that it is sent with, seconds since the epoch."""
        return self.rated_at if self.instead is None else self.instead.value

    def decided(
        self,
        outcome: Outcome,
        reason: Reason | None,
        *,
        asked: int,
        simkl: int | None,
        theirs: AccountRating | None,
        instead: Date | None = None,
        hidden: AccountRating | None = None,
        note: Note | None = None,
    ) -> Title:
        """Return the same title with what is decided of it."""
        # Field by field: `replace` costs several times as much, and this is done for every title.
        return make_title(
            n=self.n,
            item=self.item,
            ids=self.ids,
            rating=self.rating,
            date=self.date,
            rated_at=self.rated_at,
            others=self.others,
            asked=asked,
            simkl=simkl,
            theirs=theirs,
            hidden=hidden,
            outcome=outcome,
            reason=reason,
            note=note,
            instead=instead,
        )


make_title = maker(Title)
