"""Make corpus/gazetteer.json from the MIT-licensed PyPI package vietnamadminunits.

    pip install vietnamadminunits && python tools/make_gazetteer.py > corpus/gazetteer.json

Only data files of the package are read; it is far too heavy to run with. A district gives its province away
only when no other province has a district of that name, and none is called so itself.
"""

import importlib.util
import json
import sys
from collections import Counter
from pathlib import Path

ALIASES = {
    "Hồ Chí Minh": ["TP. Hồ Chí Minh", "Thành phố Hồ Chí Minh", "TP.HCM", "TPHCM", "HCM", "Sài Gòn"],
    "Thừa Thiên Huế": ["Thừa Thiên - Huế", "Huế", "TT Huế"],
    "Bà Rịa - Vũng Tàu": ["Bà Rịa Vũng Tàu", "BR-VT", "BRVT", "Vũng Tàu"],
    "Đắk Lắk": ["Đắc Lắc", "Đăk Lăk", "Dak Lak", "Đắc Lắk", "Daklak"],
    "Đắk Nông": ["Đắc Nông", "Đăk Nông", "Dak Nong"],
    "Hà Nội": ["Thủ đô Hà Nội", "HN"],
    "Kon Tum": ["Kontum"],
    "Thanh Hóa": ["Thanh Hoá"],
    "Khánh Hòa": ["Khánh Hoà"],
    "Hòa Bình": ["Hoà Bình"],
}


def load(name: str) -> dict:
    spec = importlib.util.find_spec("vietnamadminunits")
    if spec is None or spec.origin is None:
        sys.exit("pip install vietnamadminunits first")
    return json.loads((Path(spec.origin).parent / "data" / name).read_text(encoding="utf-8"))


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
    shorts = Counter(d["districtShort"] for units in legacy["DICT_PROVINCE_DISTRICT"].values() for d in units.values())
    own = set(names.values())
    provinces = []
    for key, name in sorted(names.items(), key=lambda item: item[1]):
        units = legacy["DICT_PROVINCE_DISTRICT"].get(key, {}).values()
        districts = sorted(
            name
            for name in (unit["districtShort"] for unit in units)
            if shorts[name] == 1 and name not in own and " " in name
        )
        provinces.append({"name": name, "aliases": ALIASES.get(name, []), "districts": districts})
    merged = {}
    for new, parts in sorted(converter["DICT_PROVINCE"].items()):
        short = today["DICT_PROVINCE"][new]["provinceShort"]
        merged[short] = sorted(names[p] for p in parts)
    source = "vietnamadminunits 1.0.4, MIT licence"
    print(json.dumps({"source": source, "provinces": provinces, "since_2025": merged}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
