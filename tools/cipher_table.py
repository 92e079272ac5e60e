"""Write what real OpenSSLs make of cipher names into checker/releases/tls/ciphers.json.

    tools/cipher_table.py 1.1.1=/path/to/openssl '1.1.1+weak=...' 3.0=/usr/bin/openssl ...

Each library is asked for its suites, their attributes and their order. Only the aliases are written by hand, below;
tests/tls/test_ciphers.py holds each of them, and the whole language, against the openssl at hand.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "checker/releases/tls/ciphers.json"

EVERYTHING = "ALL:COMPLEMENTOFALL"
LINE = re.compile(r"0x\S+ - (\S+)\s+(\S+)\s+Kx=(\S+)\s+Au=(\S+)\s+Enc=(\S+)\s+Mac=(\S+)")

KEY_EXCHANGES = {
    "kRSA": ["RSA"],
    **dict.fromkeys(("kEDH", "kDHE", "DH"), ("DH",)),
    **dict.fromkeys(("kEECDH", "kECDHE", "ECDH"), ("ECDH",)),
    "kPSK": ["PSK"],
    "kRSAPSK": ["RSAPSK"],
    "kECDHEPSK": ["ECDHEPSK"],
    "kDHEPSK": ["DHEPSK"],
    "PSK": ["PSK", "RSAPSK", "ECDHEPSK", "DHEPSK"],
    **dict.fromkeys(("kSRP", "SRP"), ("SRP",)),
}
AUTHENTICATIONS = {
    "aRSA": ["RSA"],
    **dict.fromkeys(("aDSS", "DSS"), ("DSS",)),
    "aNULL": ["None"],
    **dict.fromkeys(("aECDSA", "ECDSA"), ("ECDSA",)),
    "aPSK": ["PSK"],
    "aSRP": ["SRP"],
}
ENCRYPTIONS = {
    "3DES": ["3DES(168)"],
    "RC4": ["RC4(128)"],
    "RC2": ["RC2(128)"],
    "IDEA": ["IDEA(128)"],
    "SEED": ["SEED(128)"],
    **dict.fromkeys(("eNULL", "NULL", "COMPLEMENTOFALL"), ("None",)),
    "AES128": ["AES(128)", "AESGCM(128)", "AESCCM(128)", "AESCCM8(128)"],
    "AES256": ["AES(256)", "AESGCM(256)", "AESCCM(256)", "AESCCM8(256)"],
    "AESGCM": ["AESGCM(128)", "AESGCM(256)"],
    "AESCCM": ["AESCCM(128)", "AESCCM(256)", "AESCCM8(128)", "AESCCM8(256)"],
    "AESCCM8": ["AESCCM8(128)", "AESCCM8(256)"],
    "CAMELLIA128": ["Camellia(128)"],
    "CAMELLIA256": ["Camellia(256)"],
    "CAMELLIA": ["Camellia(128)", "Camellia(256)"],
    "CHACHA20": ["CHACHA20/POLY1305(256)"],
    "ARIA128": ["ARIAGCM(128)"],
    "ARIA256": ["ARIAGCM(256)"],
    **dict.fromkeys(("ARIA", "ARIAGCM"), ("ARIAGCM(128)", "ARIAGCM(256)")),
}
ENCRYPTIONS["AES"] = [*ENCRYPTIONS["AES128"], *ENCRYPTIONS["AES256"]]
CBC = ["AES(128)", "AES(256)", "Camellia(128)", "Camellia(256)", "SEED(128)", "3DES(168)", "IDEA(128)", "RC2(128)"]
MACS = {"MD5": ["MD5"], **dict.fromkeys(("SHA1", "SHA"), ("SHA1",)), "SHA256": ["SHA256"], "SHA384": ["SHA384"]}
VERSIONS = {"SSLv3": ["SSLv3"], **dict.fromkeys(("TLSv1", "TLSv1.0"), ("TLSv1",)), "TLSv1.2": ["TLSv1.2"]}
STRENGTHS = ("HIGH", "MEDIUM", "LOW", "FIPS")
AUTHENTICATED = ["RSA", "DSS", "ECDSA"]

ALIASES = {
    **{name: {"kx": values} for name, values in KEY_EXCHANGES.items()},
    **{name: {"auth": values} for name, values in AUTHENTICATIONS.items()},
    **{name: {"enc": values} for name, values in ENCRYPTIONS.items()},
    **{name: {"mac": values} for name, values in MACS.items()},
    **{name: {"version": values} for name, values in VERSIONS.items()},
    **{name: {"strength": [name]} for name in STRENGTHS},
    **{name: {"kx": ["DH"], "auth": AUTHENTICATED} for name in ("EDH", "DHE")},
    **{name: {"kx": ["ECDH"], "auth": AUTHENTICATED} for name in ("EECDH", "ECDHE")},
    "RSA": {"kx": ["RSA"], "auth": ["RSA"]},
    "ADH": {"kx": ["DH"], "auth": ["None"]},
    "AECDH": {"kx": ["ECDH"], "auth": ["None"]},
    "COMPLEMENTOFDEFAULT": {"default": ["no"]},
}
"""What each alias selects (openssl-ciphers(1), ssl/ssl_ciph.c:cipher_aliases). ALL and FIPS leave out eNULL."""

DEFAULT = "ALL:!COMPLEMENTOFDEFAULT:!eNULL"


def lines(program: str, text: str) -> list[tuple[str, ...]]:
    """Return the suites below TLS 1.3 that a list selects, in order, with their attributes."""
    command = [program, "ciphers", "-V", f"{text}:@SECLEVEL=0"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - the caller's program
    return [each for each in LINE.findall(done.stdout) if each[1] != "TLSv1.3"]


def names(program: str, text: str) -> list[str]:
    """Return the names of the suites that a list selects, in order."""
    return [name for name, *_ in lines(program, text)]


def standard_names(program: str) -> dict[str, str]:
    """Return the IANA name of each suite."""
    command = [program, "ciphers", "-stdname", f"{EVERYTHING}:@SECLEVEL=0"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - the caller's
    return {words[2]: words[0] for words in map(str.split, shown.splitlines())}


def order(program: str) -> list[str]:
    """Return all suites in an order that each alias keeps. Where no alias has two suites, neither comes first."""
    before: dict[str, set[str]] = {name: set() for name in sorted(names(program, EVERYTHING))}
    for alias in ("ALL", *ALIASES):
        for first, second in pairwise(names(program, alias)):
            before[second].add(first)
    return list(TopologicalSorter(before).static_order())


def library(program: str) -> dict[str, object]:
    """Return what one library knows."""
    medium, every = names(program, "MEDIUM"), lines(program, EVERYTHING)
    bits = {enc: int((re.findall(r"\((\d+)\)", enc) or ["0"])[0]) for *_, enc, _ in every}
    weaker = {"3DES(168)": 112}
    if any("CCM8" in name for name in medium):  # since 3.2 by their tag of 64 bits
        weaker |= {"AESCCM8(128)": 64, "AESCCM8(256)": 64}
    by_name = names(program, next(iter(standard_names(program).values())))
    return {
        "strength_bits": {enc: weaker.get(enc, number) for enc, number in sorted(bits.items())},
        "standard_names": bool(by_name) or bool(names(program, "TLS_RSA_WITH_AES_128_CBC_SHA")),
        "cbc_alias": bool(names(program, "CBC")),
        "default": DEFAULT,
        **{name: " ".join(sorted(names(program, name))) for name in (*STRENGTHS, "COMPLEMENTOFDEFAULT")},
        "order": " ".join(order(program)),
    }


def main(given: list[str]) -> None:
    """Write the table."""
    libraries: dict[str, object] = {}
    suites: dict[str, list[str]] = {}
    for pair in given:
        label, _, program = pair.partition("=")
        libraries[label] = library(program)
        iana = standard_names(program)
        suites |= {name: [iana[name], *rest] for name, *rest in lines(program, EVERYTHING)}
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(suites[name])}" for name in sorted(suites))
    aliases = {**ALIASES, "CBC": {"enc": CBC}}
    alias_rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(aliases[name])}" for name in sorted(aliases))
    parts = (
        f'"suites": {{\n{rows}\n}}',
        f'"aliases": {{\n{alias_rows}\n}}',
        f'"libraries": {json.dumps(libraries, indent=1)}',
    )
    TABLE.write_text("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
