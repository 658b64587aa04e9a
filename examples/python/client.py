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

import grpc
import nacl.signing

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"


def load_messages():
    """Generates Python code from the .proto files and imports it."""
    out = tempfile.mkdtemp(prefix="fundtrail-py-")
    files = [str(p) for p in sorted((PROTO / "fundtrail" / "v1").glob("*.proto"))]
    plugin = shutil.which("grpc_python_plugin")
    subprocess.run(["protoc", f"-I{PROTO}", f"--python_out={out}", f"--grpc_out={out}",
                    f"--plugin=protoc-gen-grpc={plugin}", *files], check=True)
    sys.path.insert(0, out)
    from fundtrail.v1 import entry_pb2, refusal_pb2, service_pb2, service_pb2_grpc
    return entry_pb2, refusal_pb2, service_pb2, service_pb2_grpc


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
    transfer.kind = entry_pb2.ALLOCATION
    entry_bytes = entry.SerializeToString(deterministic=True)
    signed = entry_pb2.SignedEntry(entry=entry_bytes)
    signature = signed.signatures.add()
    signature.public_key = bytes(key.verify_key)
    signature.signature = key.sign(b"fundtrail entry v1\n" + entry_bytes).signature

    # The very same bytes may be sent again until there is an answer: they are taken once.
    request = service_pb2.SubmitRequest(signed_entry=signed.SerializeToString(deterministic=True))
    try:
        receipt = submission.Submit(request, timeout=30)
    except grpc.RpcError as error:
        for name, value in error.trailing_metadata() or ():
            if name == "grpc-status-details-bin":
                refusal = refusal_pb2.Refusal()
                service_pb2.Error.FromString(value).details[0].Unpack(refusal)
                sys.exit(f"refused: {refusal_pb2.RefusalCode.Name(refusal.code)} at {refusal.field}: {refusal.sentence}")
        sys.exit(f"{error.code().name}: {error.details()}")
    print(f"record {receipt.record}, leaf hash {receipt.leaf_hash.hex()}")

    answer = ledger.Trace(service_pb2.TraceRequest(direction="FROM", party=payer))
    for trace in answer.assets:
        print(f"{answer.question}: {trace.asked} asked = {trace.reached} reached + {trace.held} held"
              f" + {trace.returned} returned ({trace.asset}, smallest units)")


main()
