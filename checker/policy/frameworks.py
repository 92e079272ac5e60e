"""The frameworks that rules may cite in ``controls``: their keys and names."""

from __future__ import annotations

import re
from collections.abc import Mapping

FRAMEWORKS: Mapping[str, str] = {
    "anssi-interconnexion": "ANSSI, Interconnexion d'un SI à Internet",
    "anssi-tls-1.2": "ANSSI, guide TLS v1.2",
    "bsi-grundschutz-2023": "BSI IT-Grundschutz 2023",
    "bsi-tr-02102-2": "BSI TR-02102-2 2025-01",
    "bsi-tr-03108": "BSI TR-03108 v2.0",
    "ccn-stic-807": "CCN-STIC-807",
    "ccn-stic-814": "CCN-STIC-814",
    "cis-8.1": "CIS Controls v8.1",
    "ens-2022": "Esquema Nacional de Seguridad (RD 311/2022), anexo II",
    "hipaa": "HIPAA Security Rule, 45 CFR 164",
    "internet.nl": "internet.nl mail test",
    "iso-27001-2022": "ISO/IEC 27001:2022, Annex A",
    "mozilla-tls-6.0": "Mozilla Server Side TLS 6.0",
    "ncsc-nl-2025": "NCSC-NL TLS guidelines 2025-05",
    "nist-800-52r2": "NIST SP 800-52 r2",
    "nist-800-53r5": "NIST SP 800-53 r5",
    "nist-800-177r1": "NIST SP 800-177 r1",
    "pci-dss-4.0.1": "PCI DSS 4.0.1",
}

_RFC = re.compile(r"rfc([0-9]{1,5})")
_CVE = re.compile(r"cve-[0-9]{4}-[0-9]{4,7}")


def framework_name(key: str) -> str | None:
    """Return a framework's name by the key that rules use; None if there is no such framework."""
    rfc = _RFC.fullmatch(key)
    if rfc:
        return f"RFC {rfc[1]}"
    return key.upper() if _CVE.fullmatch(key) else FRAMEWORKS.get(key)
