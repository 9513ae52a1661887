"""Signs one PDF again and again with pyHanko: sign_pyhanko.py PDF KEY.pem CERTIFICATE.pem SECONDS

Prints one JSON object: documents a second, CPU milliseconds a document, peak resident memory in MiB. As our own subject:
the document and the key are in memory, the signed document is made in memory, PAdES B-B, RSA with PSS.
"""

import asyncio
import json
import sys
import time
from io import BytesIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers


async def main(pdf_path, key_path, certificate_path, seconds):
    with open(pdf_path, "rb") as file:
        pdf = file.read()
    signer = signers.SimpleSigner.load(key_path, certificate_path, prefer_pss=True)
    metadata = signers.PdfSignatureMetadata(
        field_name="Signature1",
        reason="Ký duyệt",
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
    )

    async def sign():
        await signers.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=signer)

    await repeat(sign, seconds / 4)
    cpu = time.process_time()
    started = time.perf_counter()
    done = await repeat(sign, seconds)
    elapsed = time.perf_counter() - started
    cpu_milliseconds = (time.process_time() - cpu) * 1000 / done
    print(json.dumps({"perSecond": done / elapsed, "cpuMilliseconds": cpu_milliseconds, "peakRss": peak_rss()}))


def peak_rss():
    """Not ru_maxrss, which also counts what the process was before it became python: a copy of its parent."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


async def repeat(work, seconds):
    end = time.perf_counter() + seconds
    done = 0
    while done == 0 or time.perf_counter() < end:
        await work()
        done += 1
    return done


asyncio.run(main(*sys.argv[1:4], float(sys.argv[4])))
