// Requests to a witness: what is read is written back the same, and nothing that no trusted key signed is cosigned.
#include "ledger/tree/witness.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fundtrail;
  using namespace fundtrail::tree;
  const std::string_view text = AsText(data, size);
  (void)SizeIn(text);
  const auto request = ParseAddCheckpoint(text);
  if (!request.ok()) return 0;
  FUZZ_CHECK(FormatAddCheckpoint(*request) == text);
  FUZZ_CHECK(request->proof.size() <= kMaxAddCheckpointHashes);
  if (!crypto::Init().ok()) return 0;
  static const Cosigner cosigner =
      MakeCosigner("w.example", crypto::SigningKey::FromSeed(std::string(32, 'w')).value()).value();
  static const Verifier trusted =
      MakeVerifier("log.example", KeyType::kEd25519,
                   crypto::SigningKey::FromSeed(std::string(32, 'l')).value().public_key())
          .value();
  FUZZ_CHECK(AnswerAddCheckpoint(*request, nullptr, std::nullopt, cosigner, 1).status == 404);
  const WitnessedLog log{request->checkpoint.origin, {trusted}};
  const auto answer = AnswerAddCheckpoint(*request, &log, std::nullopt, cosigner, 1);
  if (answer.status != 200) {
    FUZZ_CHECK(!answer.keep.has_value());
    return 0;
  }
  FUZZ_CHECK(VerifyNote(request->note, log.keys).ok());
  FUZZ_CHECK(CosignatureIn(answer.body, request->note.text, cosigner.verifier).ok());
  FUZZ_CHECK(OpenCosigned(*answer.keep, cosigner.verifier).value() == request->checkpoint);
  return 0;
}
