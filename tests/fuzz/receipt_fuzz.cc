// Receipts: whatever the file is there is an answer, and what holds is what the fixed key signed.
#include "google/protobuf/stubs/logging.h"
#include "ledger/audit/receipt.h"
#include "ledger/tree/proof.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace fundtrail;

// The ledger of the worked example in docs/formats.md: its checkpoint of two records, and its key.
constexpr char kVkey[] = "example.org/aid+6212d7b6+AYE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU";

tree::Policy MakePolicy() {
  google::protobuf::SetLogHandler(nullptr);
  FUZZ_CHECK(crypto::Init().ok());
  return tree::ForLog(tree::Policy(), *tree::ParseVkey(kVkey)).value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tree::Policy policy = MakePolicy();
  const auto answer = audit::VerifyReceipt(AsText(data, size), policy);
  FUZZ_CHECK(answer.holds() == (answer.fault() == v1::RECEIPT_FAULT_RECEIPT_SOUND));
  FUZZ_CHECK(answer.holds() == answer.problem().empty());
  FUZZ_CHECK(!answer.holds() || (answer.checkpoint().size() == 2 && answer.index() < 2));
  return 0;
}
