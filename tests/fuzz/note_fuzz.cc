// Signed notes, checkpoints and vkeys: what is taken is written back byte for byte.
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/note.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fundtrail::tree;
  const std::string_view text = AsText(data, size);
  const auto note = ParseNote(text);
  if (note.ok()) FUZZ_CHECK(FormatNote(*note) == text);
  const auto checkpoint = ParseCheckpoint(note.ok() ? std::string_view(note->text) : text);
  if (checkpoint.ok()) FUZZ_CHECK(FormatCheckpoint(*checkpoint) == (note.ok() ? note->text : text));
  const auto verifier = ParseVkey(text);
  if (verifier.ok()) FUZZ_CHECK(FormatVkey(*verifier) == text);
  return 0;
}
