"""Make corpus/gazetteer.json from the MIT-licensed PyPI package vietnamadminunits.

    pip install vietnamadminunits && python tools/make_gazetteer.py > corpus/gazetteer.json

Only data files of the package are read; it is far too heavy to run with. A district gives its province away
only when no other province has a district of that name, and none is called so itself.
"""

import importlib.util
import json
import re
import sys
from collections import Counter
from pathlib import Path

ALIASES = {
    "Hồ Chí Minh": ["TP. Hồ Chí Minh", "Thành phố Hồ Chí Minh", "TP.HCM", "TPHCM", "HCM", "Sài Gòn"],
    "Thừa Thiên Huế": ["Thừa Thiên - Huế", "Huế", "TT Huế"],
    "Bà Rịa - Vũng Tàu": ["Bà Rịa Vũng Tàu", "BR-VT", "BRVT", "Vũng Tàu"],
    "Đắk Lắk": ["Đắc Lắc", "Đăk Lăk", "Dak Lak", "Đak Lak", "Đắc Lắk", "Daklak"],
    "Đắk Nông": ["Đắc Nông", "Đăk Nông", "Đak Nông", "Dak Nong"],
    "Hà Nội": ["Thủ đô Hà Nội", "HN"],
    "Kon Tum": ["Kontum"],
    "Thanh Hóa": ["Thanh Hoá"],
    "Khánh Hòa": ["Khánh Hoà"],
    "Hòa Bình": ["Hoà Bình"],
}
WORDS = {"Duyên Hải"}  # districts whose names are words of every report: "duyên hải" is the coast


def load(name: str) -> dict:
    spec = importlib.util.find_spec("vietnamadminunits")
    if spec is None or spec.origin is None:
        sys.exit("pip install vietnamadminunits first")
    return json.loads((Path(spec.origin).parent / "data" / name).read_text(encoding="utf-8"))


def short(unit: dict) -> str:
    """A district and a town of one name in one province are "Long Mỹ (Huyện)" and "Long Mỹ (Thị xã)" there."""
    return re.sub(r" \(.*\)$", "", unit["districtShort"])


def main() -> None:
    legacy, converter, today = (
        load("parser_legacy.json"),
        load("converter_2025.json"),
        load("parser_from_2025.json"),
    )
    # The package already calls the old province by the name it took in 2025.
    names = {k: v["provinceShort"] for k, v in legacy["DICT_PROVINCE"].items()}
    names = {k: "Thừa Thiên Huế" if v == "Huế" else v for k, v in names.items()}
    names = {k: "Bà Rịa - Vũng Tàu" if v.startswith("Bà Rịa") else v for k, v in names.items()}
    named = {key: {short(unit) for unit in units.values()} for key, units in legacy["DICT_PROVINCE_DISTRICT"].items()}
    shorts = Counter(name for units in named.values() for name in units)
    own = set(names.values())
    provinces = []
    for key, name in sorted(names.items(), key=lambda item: item[1]):
        districts = sorted(
            unit
            for unit in named.get(key, ())
            if shorts[unit] == 1 and unit not in own and unit not in WORDS and " " in unit
        )
        provinces.append({"name": name, "aliases": ALIASES.get(name, []), "districts": districts})
    merged = {}
    for new, parts in sorted(converter["DICT_PROVINCE"].items()):
        merged[today["DICT_PROVINCE"][new]["provinceShort"]] = sorted(names[p] for p in parts)
    source = "vietnamadminunits 1.0.4, MIT licence"
    print(json.dumps({"source": source, "provinces": provinces, "since_2025": merged}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
