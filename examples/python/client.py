#!/usr/bin/python3
"""A department's own program, made from proto/ and docs/formats.md alone: signs a payment, submits it, traces it.

    client.py HOST:PORT KEY_FILE AUTHOR FROM TO AMOUNT_IN_SMALLEST_UNITS ASSET FUND

Needs protobuf-compiler-grpc, python3-grpcio, python3-nacl, python3-protobuf (Debian). KEY_FILE is made by `fundtrail keygen`.
"""
import base64
import datetime
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import grpc
import nacl.signing

ATTEMPTS = 6
AGAIN = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"


def load_messages():
    """Generates Python code from the .proto files and imports it."""
    files = [str(p) for p in sorted((PROTO / "fundtrail" / "v1").glob("*.proto"))]
    plugin = shutil.which("grpc_python_plugin")
    with tempfile.TemporaryDirectory(prefix="fundtrail-py-") as out:
        subprocess.run(["protoc", f"-I{PROTO}", f"--python_out={out}", f"--grpc_out={out}",
                        f"--plugin=protoc-gen-grpc={plugin}", *files], check=True)
        sys.path.insert(0, out)
        from fundtrail.v1 import entry_pb2, refusal_pb2, service_pb2, service_pb2_grpc
    return entry_pb2, refusal_pb2, service_pb2, service_pb2_grpc


def details_of(error, service_pb2):
    """The details of google.rpc.Status that came with an error: what kind each is, its type says."""
    for name, value in error.trailing_metadata() or ():
        if name == "grpc-status-details-bin":
            return list(service_pb2.Error.FromString(value).details)
    return []


def submit(submission, request, entry_id, refusal_pb2, service_pb2):
    """The receipt. The very same bytes may be sent again until there is an answer: they are taken once."""
    wait = 0.2
    for attempt in range(ATTEMPTS):
        try:
            return submission.Submit(request, timeout=30)
        except grpc.RpcError as error:
            failed = error
        asked = None  # to wait for so long
        for detail in details_of(failed, service_pb2):
            refusal, retry = refusal_pb2.Refusal(), service_pb2.RetryInfo()
            if detail.Is(refusal.DESCRIPTOR):
                detail.Unpack(refusal)
                code = refusal_pb2.RefusalCode.Name(refusal.code).removeprefix("REFUSAL_CODE_")
                sys.exit(f"refused: {code} at {refusal.field}: {refusal.sentence}")
            if detail.type_url == "type.googleapis.com/google.rpc.RetryInfo":
                retry.ParseFromString(detail.value)
                asked = retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9
        if asked is None and failed.code() not in AGAIN:
            break
        if attempt + 1 < ATTEMPTS:
            print(f"{failed.code().name}: {failed.details()}: sent again", file=sys.stderr)
            time.sleep(min(max(wait, asked or 0), 60))
            wait *= 2
    # It may have been taken; so its bytes are kept, and not made again with another id.
    kept = pathlib.Path(f"{entry_id.hex()}.signed")
    kept.write_bytes(request.signed_entry)
    sys.exit(f"{failed.code().name}: {failed.details()}; `fundtrail submit {kept}` asks again, and pays once")


def main():
    if len(sys.argv) != 9:
        sys.exit(__doc__)
    address, key_file, author, payer, payee, amount, asset, fund = sys.argv[1:]
    entry_pb2, refusal_pb2, service_pb2, service_pb2_grpc = load_messages()
    lines = dict(line.split(" ", 1) for line in pathlib.Path(key_file).read_text().splitlines() if " " in line)
    key = nacl.signing.SigningKey(base64.b64decode(lines["seed"]))

    channel = grpc.insecure_channel(address)  # this machine; grpc.secure_channel for any other
    ledger = service_pb2_grpc.LedgerStub(channel)
    submission = service_pb2_grpc.SubmissionStub(channel)
    checkpoint = ledger.GetCheckpoint(service_pb2.CheckpointRequest()).as_of

    entry = entry_pb2.Entry(ledger=checkpoint.ledger, author=author, id=os.urandom(16),
                            date=datetime.date.today().isoformat())
    transfer = entry.actions.add().transfer
    setattr(transfer, "from", payer)
    transfer.to = payee
    transfer.amount = int(amount)
    transfer.asset = asset
    transfer.fund = fund
    transfer.kind = entry_pb2.TRANSFER_KIND_ALLOCATION
    entry.signers.append(bytes(key.verify_key))  # who signs, in the order of the signatures
    entry_bytes = entry.SerializeToString(deterministic=True)
    signed = entry_pb2.SignedEntry(entry=entry_bytes)
    signed.signatures.append(key.sign(b"fundtrail entry v1\n" + entry_bytes).signature)

    request = service_pb2.SubmitRequest(signed_entry=signed.SerializeToString(deterministic=True))
    receipt = submit(submission, request, entry.id, refusal_pb2, service_pb2)
    print(f"record {receipt.record}, leaf hash {receipt.leaf_hash.hex()}")

    answer = ledger.Trace(service_pb2.TraceRequest(direction="DIRECTION_FROM", party=payer))
    for trace in answer.assets:
        print(f"{answer.question}: {trace.asked} asked = {trace.reached} reached + {trace.ends_here} ends here"
              f" + {trace.held} held + {trace.returned} returned ({trace.asset}, smallest units;"
              f" committed, not paid: {trace.committed.asked} of what was asked)")


if __name__ == "__main__":
    main()
