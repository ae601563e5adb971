"""Second half of the draw: place, theme, work, name, sender and speech that fit each client."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from generation.condition_quotas import Choice, QuotaError, Quotas
from kmi import Risk

Row = dict[str, Any]
MAX_USES_OF_THEME = 3
MAX_USES_OF_GIVEN_NAME = 5
MIN_YEARS_APART = 8
SESSION_YEAR = 2025
SEASONS = ("겨울", "봄", "여름", "가을")


class People:
    """Fits persons to rows that hold category, stage, risk, gender and age.

    Keeps count of what was used, so that themes, occupations and names stay spread.
    """

    def __init__(self, quotas: Quotas, existing: Sequence[Row], rng: random.Random) -> None:
        self.quotas = quotas
        self.rng = rng
        self.uses: Counter[tuple[str, str]] = Counter()
        self.clients_of_theme: dict[str, list[Row]] = defaultdict(list)
        self.names = {row["name"] for row in existing} | set(quotas.people["refused"]["full_names"])
        self.provinces = Counter(row["region"].split()[0] for row in existing)

    def complete(self, rows: list[Row]) -> None:
        """Fill in the fields that are still missing."""
        self._draw_places(rows)
        for row, speech in zip(rows, self._dialects(rows), strict=True):
            row["dialect"] = speech
        # Whom few themes fit chooses first, or the others would take those few.
        for row in sorted(rows, key=lambda row: (len(self._open_themes(row)), row["id"])):
            self._draw_work(row)
        surnames = self._draw_surnames(len(rows))
        for row, surname in zip(rows, surnames, strict=True):
            row["name"] = self._draw_name(row, surname)
            row["referred_by"] = self._draw_sender(row)
            row["speech"] = self._draw_speech(row)
            row["season"] = self._draw_season(row)
        self._draw_numbers(rows)

    def _draw_places(self, rows: list[Row]) -> None:
        places = self.quotas.people["places"]
        left = {name: max(0, place["per_mille"] - self.provinces[name]) for name, place in places.items()}
        names = self._shuffled(left, len(rows))
        shares = self.quotas.table["county_share"]
        for row, name in zip(rows, names, strict=True):
            place = places[name]
            share = shares["gyeonggi"] if name == "경기" else shares["value"]
            is_rural = bool(place["counties"]) and self.rng.random() < share
            town = self._least_used(name, place["counties" if is_rural else "cities"] or place["cities"])
            row |= {
                "province": name,
                "region": f"{name} {town}",
                "rural": is_rural,
                "coast": town in place["coast"],
            }

    def _shuffled(self, weights: Mapping[str, float], total: int) -> list[str]:
        whole = sum(weights.values())
        places = []
        for name, weight in weights.items():
            step = whole / weight if weight else 0
            places += [(step * (turn + self.rng.random()), name) for turn in range(int(weight))]
        names = [name for _, name in sorted(places)][:total]
        return names + self.rng.choices(list(weights), list(weights.values()), k=total - len(names))

    def _least_used(self, kind: str, texts: Sequence[str]) -> str:
        fewest = min(self.uses[kind, text] for text in texts)
        text = self.rng.choice([text for text in texts if self.uses[kind, text] == fewest])
        self.uses[kind, text] += 1
        return text

    def _open_themes(self, row: Row) -> list[Choice]:
        return [
            theme
            for theme in self.quotas.themes[row["category"]]
            if theme.fits(row) and theme.risk == row["risk"] and self._is_apart(row, theme)
        ]

    def _is_apart(self, row: Row, theme: Choice) -> bool:
        others = self.clients_of_theme[theme.text]
        return len(others) < MAX_USES_OF_THEME and all(
            abs(other["age"] - row["age"]) >= MIN_YEARS_APART
            or (other["stage_of_change"], other["gender"]) != (row["stage_of_change"], row["gender"])
            for other in others
        )

    def _draw_work(self, row: Row) -> None:
        """Choose the theme used least for which there is fitting work, then that work."""
        themes = self._open_themes(row)
        self.rng.shuffle(themes)
        themes.sort(key=lambda theme: len(self.clients_of_theme[theme.text]))
        for theme in themes:
            if work := self._works(row, theme):
                roles = self.quotas.table["roles"][row["age_group"]]
                weights = {role: roles.get(role, 4) for role in work}
                row["role"] = self.rng.choices(list(weights), list(weights.values()))[0]
                row["occupation_field"] = self._least_used("work", work[row["role"]])
                row["theme"], row["months"] = theme.text, theme.months
                self.clients_of_theme[theme.text].append(row)
                return
        raise QuotaError(
            f"themes.toml, {row['category']}: nothing left for a {row['gender']} client aged {row['age']}, "
            f"risk {row['risk']}, in {row['region']}; add themes or widen their ages"
        )

    def _works(self, row: Row, theme: Choice) -> dict[str, list[str]]:
        usual = self.quotas.table["roles"][row["age_group"]]
        works = {}
        for role in theme.roles or (self.quotas.occupations if theme.jobs else usual):
            fitting = [
                work.text
                for work in self.quotas.occupations[role]
                if work.fits(row)
                and (not theme.jobs or any(job in work.text for job in theme.jobs))
                and (theme.jobs or not work.text.startswith(("이주", "결혼 이주")))
            ]
            if fitting:
                works[role] = fitting
        return works

    def _draw_surnames(self, total: int) -> list[str]:
        weights = self.quotas.people["family_names"]
        surnames = self.rng.sample(self._shuffled(weights, total), total)
        return surnames

    def _draw_name(self, row: Row, surname: str) -> str:
        born = SESSION_YEAR - row["age"]
        lists = self.quotas.people["given_names"]
        year = max(int(key.split("_")[1]) for key in lists if int(key.split("_")[1]) <= born)
        given = list(lists[f"{row['gender']}_{year}"])
        self.rng.shuffle(given)
        given.sort(key=lambda name: self.uses["given", name])
        for name in given:
            full = surname + name
            fits = not surname.endswith(name[0]) and full not in self.names
            if fits and self.uses["given", name] < MAX_USES_OF_GIVEN_NAME:
                self.names.add(full)
                self.uses["given", name] += 1
                return full
        raise QuotaError(f"people.toml: no given name is left for {surname}, {row['gender']}, born {born}")

    def _draw_sender(self, row: Row) -> str:
        if row["by_self"]:
            return "self"
        court, workplace = self.quotas.table["court"], self.quotas.table["workplace"]
        may_be_sent = any(word in row["theme"] for word in court["themes"])
        if may_be_sent and self.rng.random() < court["share"]:
            return "court"
        senders = self.quotas.table["sender"]
        role = row["role"]
        # A workplace sends those whose trouble it sees.
        is_seen = row["category"] in workplace["categories"] or any(
            word in row["theme"] for word in workplace["themes"]
        )
        if role == "worker" and (not is_seen or row["theme"] in workplace["unseen"]):
            role = "anyone"
        weights = senders.get(role, senders["anyone"])
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def _dialects(self, rows: list[Row]) -> list[str]:
        dialect = self.quotas.table["dialect"]
        lowest, highest = dialect["ages"]
        speakers = [
            row["id"]
            for row in rows
            if row["province"] in dialect["words"] and lowest <= row["age"] <= highest
        ]
        chosen = set(self.rng.sample(speakers, round(dialect["share"] * len(rows))))
        return [dialect["words"][row["province"]] if row["id"] in chosen else "" for row in rows]

    def _draw_speech(self, row: Row) -> str:
        hint = self._least_used("speech", [way.text for way in self.quotas.speech if way.fits(row)])
        return f"{hint}; {row['dialect']} 말씨가 옅게 비친다" if row["dialect"] else hint

    def _draw_season(self, row: Row) -> str:
        weights = {int(month): weight for month, weight in self.quotas.table["month"].items()}
        months = list(row["months"] or weights)
        month = self.rng.choices(months, [weights[month] for month in months])[0]
        return f"{SEASONS[month % 12 // 3]}, {month}월"

    def _draw_numbers(self, rows: list[Row]) -> None:
        weights = self.quotas.table["n_facts"]
        for row in rows:
            most = 8 if row["risk"] == Risk.NONE else 7  # the risk's own text holds more facts
            fitting = {int(n): weight for n, weight in weights.items() if int(n) <= most}
            row["n_facts"] = self.rng.choices(list(fitting), list(fitting.values()))[0]
