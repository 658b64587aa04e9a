// tlog-proof files: what is taken is written back byte for byte, and keeps its bounds.
#include "ledger/tree/proof.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fundtrail::tree;
  const std::string_view text = AsText(data, size);
  const auto proof = ParseProof(text);
  if (!proof.ok()) return 0;
  FUZZ_CHECK(FormatProof(*proof) == text);
  FUZZ_CHECK(proof->path.size() <= kMaxProofHashes && !proof->checkpoint.empty());
  FUZZ_CHECK(!VerifyProof(*proof, fundtrail::Hash(), Policy()).ok());
  return 0;
}
