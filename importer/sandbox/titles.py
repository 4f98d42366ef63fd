"""The titles the sandbox knows from the start: real films, series and anime with their real ids.

The Simkl ids are invented (the service's own numbers are not public) but never change: 53... for films, 17... for
series, 37... for anime. Year is the year of first release.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from importer.sandbox.names import NAMES, Name

Kind = Literal["movie", "show", "anime"]


@dataclass(frozen=True, slots=True)
class Title:
    """One title of the catalogue.

    `simkl` is its number, unique over all kinds. `ids` maps other id keys to their values as text. `anime_type` is
    tv, movie, ova, ona, special or music for anime, else None. `episodes` is the number of episodes where it is
    known. `names` holds the other names under which it is found.
    """

    simkl: int
    kind: Kind
    title: str
    year: int | None
    ids: dict[str, str] = field(default_factory=dict)
    anime_type: str | None = None
    episodes: int | None = None
    released: bool = True
    names: tuple[Name, ...] = ()

    @property
    def film(self) -> bool:
        """Whether it is one film: a movie, or an anime film."""
        return self.kind == "movie" or self.anime_type == "movie"

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return "-".join("".join(c if c.isalnum() else " " for c in self.title.casefold()).split())


# simkl | title | year | imdb | tmdb (movies) | letterboxd slug
_MOVIES = """
53001|The Matrix|1999|tt0133093|603|the-matrix
53002|Pulp Fiction|1994|tt0110912|680|pulp-fiction
53003|The Godfather|1972|tt0068646|238|the-godfather
53004|The Shawshank Redemption|1994|tt0111161|278|the-shawshank-redemption
53005|Inception|2010|tt1375666|27205|inception
53006|Fight Club|1999|tt0137523|550|fight-club
53007|The Dark Knight|2008|tt0468569|155|the-dark-knight
53008|Parasite|2019|tt6751668|496243|parasite-2019
53009|Amélie|2001|tt0211915|194|amelie
53010|Blade Runner|1982|tt0083658|78|blade-runner
53011|Alien|1979|tt0078748|348|alien
53012|Mad Max: Fury Road|2015|tt1392190|76341|mad-max-fury-road
53013|Moonlight|2016|tt4975722|376867|moonlight-2016
53014|Get Out|2017|tt5052448|419430|get-out-2017
53015|Arrival|2016|tt2543164|329865|arrival-2016
53016|La La Land|2016|tt3783958|313369|la-la-land
53017|Forrest Gump|1994|tt0109830|13|forrest-gump
53018|Goodfellas|1990|tt0099685|769|goodfellas
53019|Se7en|1995|tt0114369|807|se7en
53020|WALL·E|2008|tt0910970|10681|walle
53021|8½|1963|tt0056801|422|8-half
53022|The Lord of the Rings: The Two Towers|2002|tt0167261|121|the-lord-of-the-rings-the-two-towers
53023|Interstellar|2014|tt0816692|157336|interstellar
53024|The Silence of the Lambs|1991|tt0102926|274|the-silence-of-the-lambs
53025|Casablanca|1942|tt0034583|289|casablanca
53026|Psycho|1960|tt0054215|539|psycho
53027|Vertigo|1958|tt0052357|426|vertigo
53028|2001: A Space Odyssey|1968|tt0062622|62|2001-a-space-odyssey
53029|The Haunted Castle|1897|tt0000230||the-haunted-castle-1897
53030|The Haunted Castle|1897|tt0221262||the-haunted-castle-1897-1
53031|Dune|2021|tt1160419|438631|dune-2021
53032|Everything Everywhere All at Once|2022|tt6710474|545611|everything-everywhere-all-at-once
53033|Oppenheimer|2023|tt15398776|872585|oppenheimer-2023
53034|Barbie|2023|tt1517268|346698|barbie
53035|The Room|2003|tt0368226|17473|the-room
53036|Heat|1995|tt0113277|949|heat-1995
53037|Jaws|1975|tt0073195|578|jaws
53038|Back to the Future|1985|tt0088763|105|back-to-the-future
53039|The Thing|1982|tt0084787|1091|the-thing
53040|Stalker|1979|tt0079944|1398|stalker
53041|Seven Samurai|1954|tt0047478|346|seven-samurai
53042|City of God|2002|tt0317248|598|city-of-god
"""

# simkl | title | year | imdb | tmdb (series) | tvdb | traktslug | episodes
_SHOWS = """
17001|Breaking Bad|2008|tt0903747|1396|81189|breaking-bad|62
17002|Game of Thrones|2011|tt0944947|1399|121361|game-of-thrones|73
17003|The Wire|2002|tt0306414|1438|79126|the-wire|60
17004|Chernobyl|2019|tt7366338|87108|360893|chernobyl|5
17005|The Sopranos|1999|tt0141842|1398|75299|the-sopranos|86
17006|Stranger Things|2016|tt4574334|66732|305288|stranger-things|
17007|Better Call Saul|2015|tt3032476|60059|273181|better-call-saul|63
17008|The Office|2005|tt0386676|2316|73244|the-office|201
17009|Friends|1994|tt0108778|1668|79168|friends|236
17010|Sherlock|2010|tt1475582|19885|176941|sherlock|13
17011|True Detective|2014|tt2356777|46648|270633|true-detective|
17012|Fargo|2014|tt2802850|60622|269613|fargo|
17013|Lost|2004|tt0411008|4607|73739|lost-2004|118
17014|Twin Peaks|1990|tt0098936|1920|70533|twin-peaks|30
17015|Severance|2022|tt11280740|95396|371980|severance|
17016|The Simpsons|1989|tt0096697|456|71663|the-simpsons|
17017|Black Mirror|2011|tt2085059|42009|253463|black-mirror|
17018|Dark|2017|tt5753856|70523|334824|dark|26
"""

# simkl | title | year | mal | anilist | anidb | kitsu | anime type | episodes | imdb | tmdb
_ANIME = """
37001|Spirited Away|2001|199|199|112|176|movie|1|tt0245429|129
37002|Fullmetal Alchemist: Brotherhood|2009|5114|5114|6107|3936|tv|64|tt1355642|31911
37003|Steins;Gate|2011|9253|9253|7729|5646|tv|24|tt1910272|42509
37004|Cowboy Bebop|1998|1|1|23|1|tv|26|tt0213338|30991
37005|Death Note|2006|1535|1535|4563|1376|tv|37|tt0877057|13916
37006|Attack on Titan|2013|16498|16498|9541|7442|tv|25|tt2560140|1429
37007|Your Name.|2016|32281|21519|11829|11614|movie|1|tt5311514|372058
37008|Princess Mononoke|1997|164|164|7||movie|1|tt0119698|128
37009|Neon Genesis Evangelion|1995|30|30|22|21|tv|26|tt0112159|890
37010|Naruto|2002|20|20|239|11|tv|220|tt0409591|46260
37011|One Piece|1999|21|21|69|12|tv||tt0388629|37854
37012|Hunter x Hunter (2011)|2011|11061|11061|8550|6448|tv|148|tt2098220|46298
37013|Code Geass: Lelouch of the Rebellion|2006|1575|1575|4521|1415|tv|25|tt0994314|31724
37014|Akira|1988|47|47|28||movie|1|tt0094625|149
37015|Monster|2004|19|19|1539||tv|74|tt0434706|30981
37016|Samurai Champloo|2004|205|205|1543||tv|26|tt0423731|12598
37017|FLCL|2000|227|227|20||ova|6|tt0279077|28136
37018|Trigun|1998|6|6|||tv|26|tt0251439|14160
37019|Grave of the Fireflies|1988|578|578|||movie|1|tt0095327|12477
37020|My Neighbor Totoro|1988|523|523|||movie|1|tt0096283|8392
37021|Clannad: After Story|2008|4181|4181|||tv|24||
37022|Puella Magi Madoka Magica|2011|9756|9756|8069||tv|12|tt1773185|43057
"""

# Not out yet: a rating puts such a film on plantowatch. The year keeps it ahead for a long while.
_TO_COME = Title(
    simkl=53099, kind="movie", title="The Film of Tomorrow", year=2099, ids={"imdb": "tt9900099"}, released=False
)

# Numbers that were merged into another title: they still lead there, on pages and in what is sent.
MERGED = {53901: 53001, 53902: 53031, 17901: 17001, 37901: 37001}

# Never resolved, in any mode, so that a demo can show what a title unknown to Simkl looks like.
UNKNOWN_TITLES = frozenset({"a film nobody filed", "a series nobody filed", "an anime nobody filed"})
UNKNOWN_IDS = frozenset({("imdb", "tt9999999"), ("tmdb", "999999999"), ("tvdb", "999999999"), ("mal", "999999999")})


def _rows(text: str) -> list[list[str]]:
    return [line.split("|") for line in text.strip().splitlines()]


def _ids(**values: str) -> dict[str, str]:
    return {key: value for key, value in values.items() if value}


def _movies() -> list[Title]:
    return [
        Title(
            simkl=int(n),
            kind="movie",
            title=title,
            year=int(year),
            ids=_ids(imdb=imdb, tmdb=tmdb, letterboxd=slug),
            names=NAMES.get(int(n), ()),
        )
        for n, title, year, imdb, tmdb, slug in _rows(_MOVIES)
    ]


def _shows() -> list[Title]:
    return [
        Title(
            simkl=int(n),
            kind="show",
            title=title,
            year=int(year),
            ids=_ids(imdb=imdb, tmdb=tmdb, tvdb=tvdb, traktslug=slug),
            episodes=int(episodes) if episodes else None,
            names=NAMES.get(int(n), ()),
        )
        for n, title, year, imdb, tmdb, tvdb, slug, episodes in _rows(_SHOWS)
    ]


def _anime() -> list[Title]:
    return [
        Title(
            simkl=int(n),
            kind="anime",
            title=title,
            year=int(year),
            ids=_ids(mal=mal, anilist=anilist, anidb=anidb, kitsu=kitsu, imdb=imdb, tmdb=tmdb),
            anime_type=anime_type,
            episodes=int(episodes) if episodes else None,
            names=NAMES.get(int(n), ()),
        )
        for n, title, year, mal, anilist, anidb, kitsu, anime_type, episodes, imdb, tmdb in _rows(_ANIME)
    ]


TITLES: tuple[Title, ...] = (*_movies(), *_shows(), *_anime(), _TO_COME)
