"""The other names of the titles in titles.py, by simkl number: what a title's page lists as `alt_titles`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """One more name of a title, with its language as a two-letter code ("" where nobody says)."""

    name: str
    lang: str = ""


# simkl | language=name | language=name …
_NAMES = """
53001|ru=Матрица|ko=매트릭스|en=Matrix
53002|ru=Криминальное чтиво|es=Tiempos violentos|zh=低俗小说
53003|de=Der Pate|fr=Le Parrain|es=El padrino|it=Il padrino|pl=Ojciec chrzestny|ru=Крёстный отец
53004|de=Die Verurteilten|fr=Les Évadés|es=Cadena perpetua|es=Sueño de fuga|it=Le ali della libertà|ru=Побег из Шоушенка
53005|es=Origen|pt=A Origem|pl=Incepcja|ru=Начало|zh=盗梦空间
53006|es=El club de la lucha|pt=Clube da Luta|pl=Podziemny krąg|ru=Бойцовский клуб
53007|fr=The Dark Knight : Le Chevalier noir|es=El caballero oscuro|it=Il cavaliere oscuro|pl=Mroczny rycerz
53008|ko=기생충|ko=Gisaengchung|es=Parásitos|pt=Parasita|zh=寄生上流
53009|fr=Le Fabuleux Destin d'Amélie Poulain|en=Amelie|de=Die fabelhafte Welt der Amélie|pl=Amelia
53010|ru=Бегущий по лезвию|pl=Łowca androidów
53011|fr=Alien, le huitième passager|es=Alien, el octavo pasajero|pl=Obcy – ósmy pasażer Nostromo|ru=Чужой
53012|es=Mad Max: Furia en la carretera|pl=Mad Max: Na drodze gniewu|ru=Безумный Макс: Дорога ярости
53013|ru=Лунный свет
53014|es=Déjame salir|pt=Corra!|it=Scappa - Get Out|ru=Прочь
53015|fr=Premier Contact|es=La llegada|pl=Nowy początek|ru=Прибытие
53016|es=La ciudad de las estrellas|ru=Ла-Ла Ленд
53017|ru=Форрест Гамп|zh=阿甘正传
53018|en=GoodFellas|fr=Les Affranchis|es=Uno de los nuestros|it=Quei bravi ragazzi|pl=Chłopaki z ferajny
53019|en=Seven|de=Sieben|pl=Siedem|ru=Семь
53020|en=WALL-E|ru=ВАЛЛ·И
53021|it=Otto e mezzo|en=8 1/2|de=Achteinhalb|fr=Huit et demi
53022|de=Der Herr der Ringe: Die zwei Türme|fr=Le Seigneur des anneaux : Les Deux Tours
53023|ru=Интерстеллар|zh=星际穿越
53024|de=Das Schweigen der Lämmer|fr=Le Silence des agneaux|it=Il silenzio degli innocenti
53025|ru=Касабланка
53026|fr=Psychose|es=Psicosis|it=Psyco|pl=Psychoza
53027|fr=Sueurs froides|es=De entre los muertos|it=La donna che visse due volte|pl=Zawrót głowy
53028|de=2001: Odyssee im Weltraum|fr=2001, l'Odyssée de l'espace|es=2001: Una odisea del espacio
53029|fr=Le château hanté
53031|en=Dune: Part One|fr=Dune : Première Partie|ru=Дюна
53032|es=Todo a la vez en todas partes|pl=Wszystko wszędzie naraz|ru=Всё везде и сразу
53033|ru=Оппенгеймер|ja=オッペンハイマー
53034|ru=Барби
53036|es=Fuego contra fuego|it=Heat - La sfida|pl=Gorączka|ru=Схватка
53037|de=Der weiße Hai|fr=Les Dents de la mer|es=Tiburón|it=Lo squalo|pl=Szczęki|ru=Челюсти
53038|de=Zurück in die Zukunft|fr=Retour vers le futur|es=Regreso al futuro|pl=Powrót do przyszłości
53039|de=Das Ding aus einer anderen Welt|es=La cosa|pl=Coś|ru=Нечто
53040|ru=Сталкер
53041|ja=七人の侍|ja=Shichinin no samurai|de=Die sieben Samurai|fr=Les Sept Samouraïs|it=I sette samurai
53042|pt=Cidade de Deus|fr=La Cité de Dieu|es=Ciudad de Dios
17001|ru=Во все тяжкие|zh=绝命毒师
17002|fr=Le Trône de fer|es=Juego de tronos|it=Il Trono di Spade|pl=Gra o tron|ru=Игра престолов
17003|fr=Sur écoute|es=Bajo escucha|ru=Прослушка
17004|pl=Czarnobyl|ru=Чернобыль
17005|de=Die Sopranos|fr=Les Soprano|es=Los Soprano|it=I Soprano
17006|ru=Очень странные дела|zh=怪奇物语
17007|ru=Лучше звоните Солу
17008|en=The Office (US)|ru=Офис
17009|pl=Przyjaciele|ru=Друзья
17010|ru=Шерлок
17011|pl=Detektyw|ru=Настоящий детектив
17012|ru=Фарго
17013|fr=Lost : Les Disparus|es=Perdidos|pl=Zagubieni|ru=Остаться в живых
17014|de=Das Geheimnis von Twin Peaks|fr=Mystères à Twin Peaks|it=I segreti di Twin Peaks|pl=Miasteczko Twin Peaks
17015|it=Scissione|pl=Rozdzielenie|ru=Разделение
17016|de=Die Simpsons|fr=Les Simpson|es=Los Simpson|it=I Simpson
17017|ru=Чёрное зеркало
17018|ru=Тьма
37001|ja=Sen to Chihiro no Kamikakushi|ja=千と千尋の神隠し|de=Chihiros Reise ins Zauberland|fr=Le Voyage de Chihiro
37002|ja=Hagane no Renkinjutsushi|ja=鋼の錬金術師 FULLMETAL ALCHEMIST
37003|ja=シュタインズ・ゲート
37004|ja=カウボーイビバップ
37005|ja=デスノート
37006|ja=Shingeki no Kyojin|ja=進撃の巨人|fr=L'Attaque des Titans|es=Ataque a los titanes|it=L'attacco dei giganti
37007|ja=Kimi no Na wa.|ja=君の名は。
37008|ja=Mononoke Hime|ja=もののけ姫|de=Prinzessin Mononoke|fr=Princesse Mononoké|es=La princesa Mononoke
37009|ja=Shinseiki Evangelion|ja=新世紀エヴァンゲリオン
37010|ja=ナルト
37011|ja=ワンピース
37012|en=Hunter x Hunter|ja=ハンター×ハンター
37013|ja=Hangyaku no Lelouch|ja=Code Geass: Hangyaku no Lelouch|ja=コードギアス 反逆のルルーシュ
37014|ja=アキラ
37015|ja=モンスター
37016|ja=サムライチャンプルー
37018|ja=トライガン
37019|ja=Hotaru no Haka|ja=火垂るの墓|de=Die letzten Glühwürmchen|fr=Le Tombeau des lucioles
37020|ja=Tonari no Totoro|ja=となりのトトロ|de=Mein Nachbar Totoro|fr=Mon voisin Totoro|it=Il mio vicino Totoro
37021|ja=クラナド アフターストーリー
37022|ja=Mahou Shoujo Madoka Magica|ja=魔法少女まどか☆マギカ
"""


def _names(fields: list[str]) -> tuple[Name, ...]:
    return tuple(Name(name, lang) for lang, _, name in (field.partition("=") for field in fields))


NAMES: dict[int, tuple[Name, ...]] = {
    int(number): _names(fields) for number, *fields in (line.split("|") for line in _NAMES.strip().splitlines())
}
