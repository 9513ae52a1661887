"""Judges signed PDF files with pyHanko: judge.py ROOT.pem [CRL.der ...]

Reads one JSON object a line from standard input (id, path, level, signatures, password) and writes one a line
({"file", "accepted", "says"}). Every signature must hold, be trusted, be time-stamped from B-T on and pass the difference
analysis; at B-LTA it must pass AdES validation with archive data (EN 319 102-1 5.6). The last one covers the whole file,
every document time stamp holds. The network is never asked: B-B and B-T are given the CRLs, from B-LT on the file itself
has to bring the proof.
"""

import asyncio
import json
import logging
import sys
from io import BytesIO
from pathlib import Path

from asn1crypto import crl
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.validation import (
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    FreshnessReqType,
)
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer


def specification(root):
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([root]),
        revinfo_policy=CertRevTrustPolicy(
            REQUIRE_REVINFO,
            freshness=None,
            freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
        ),
    )
    return PdfSignatureValidationSpec(
        signature_validation_spec=SignatureValidationSpec(
            cert_validation_policy=policy,
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
        )
    )


async def problems_of(reader, file, root, crls):
    """What is wrong with the file, a sentence each."""
    level = file["level"]
    signatures = reader.embedded_regular_signatures
    stamps = reader.embedded_timestamp_signatures
    if len(signatures) != file["signatures"]:
        yield f"{len(signatures)} signatures instead of {file['signatures']}"
    for number, signature in enumerate(signatures, 1):
        # pyHanko's AdES validation knows no other time stamp of a signature than the one inside it.
        stamped = any(extract_tst_data_iter(signature.signer_info, signed=False))
        check = archived if level == "B-LTA" and stamped else checked
        async for problem in check(signature, level, root, crls):
            yield f"signature {number}: {problem}"
    for number, stamp in enumerate(stamps, 1):
        context = ValidationContext(
            trust_roots=[root], allow_fetching=False, revocation_mode="soft-fail"
        )
        status = await async_validate_pdf_timestamp(stamp, context)
        explained = not isinstance(status.diff_result, SuspiciousModification)
        if not (status.valid and status.trusted and status.intact and explained):
            yield f"document time stamp {number}: {status.summary()} {why(stamp)}"
    everything = sorted([*signatures, *stamps], key=lambda one: one.signed_revision)
    # At B-LT the security store comes after the signature.
    if level != "B-LT" and everything:
        coverage = everything[-1].evaluate_signature_coverage()
        if coverage != SignatureCoverageLevel.ENTIRE_FILE:
            yield f"the last signature covers {coverage}"


async def checked(signature, level, root, crls):
    """Judged now."""
    options = {
        "trust_roots": [root],
        "allow_fetching": False,
        "revocation_mode": "require",
    }
    if level in ("B-LT", "B-LTA"):
        store = DocumentSecurityStore.read_dss(signature.reader)
        context = store.as_validation_context(options)
    else:
        context = ValidationContext(**options, crls=[one.crl_data for one in crls])
    status = await async_validate_pdf_signature(signature, context)
    if not status.bottom_line:
        yield f"{status.summary()} {why(signature)}"
    stamp = status.timestamp_validity
    stamped = stamp is not None and stamp.valid and stamp.trusted
    # A document time stamp serves as well (EN 319 142-1 6.3); those are judged by themselves.
    later = any(
        one.signed_revision > signature.signed_revision
        for one in signature.reader.embedded_timestamp_signatures
    )
    if level != "B-B" and not (stamped or later):
        yield "no valid time stamp"


async def archived(signature, _level, root, _crls):
    result = await ades_lta_validation(
        signature, specification(root), timing_info=ValidationTimingInfo.now()
    )
    status = result.api_status
    if result.ades_subindic != AdESPassed.OK:
        yield f"{result.ades_subindic} {result.failure_msg or ''}".strip()
    if status is None or not status.bottom_line:
        yield f"{status.summary() if status else 'no status'} {why(signature)}"
    if result.oldest_evidence_record_timestamp is None:
        yield "no document time stamp protects it"


def why(signature):
    """What the difference analysis objects to, if it does."""
    return str(signature.diff_result or "")


def judge(file, root, crls):
    try:
        with open(file["path"], "rb") as stream:
            reader = PdfFileReader(BytesIO(stream.read()))
        if reader.encrypted:
            reader.decrypt(file.get("password") or "")

        async def collect():
            return [text async for text in problems_of(reader, file, root, crls)]

        problems = asyncio.run(collect())
    except Exception as error:  # whatever it cannot take, it does not accept
        problems = [f"{type(error).__name__}: {error}"]
    return {
        "file": file["id"],
        "accepted": not problems,
        "says": "; ".join(problems) or "passed",
    }


def main():
    logging.disable(logging.CRITICAL)
    root_file, *crl_files = sys.argv[1:]
    root = load_cert_from_pemder(root_file)
    crls = [
        CRLContainer(crl.CertificateList.load(Path(name).read_bytes()))
        for name in crl_files
    ]
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(judge(json.loads(line), root, crls)), flush=True)


main()
