// Spreadsheets as items of a register: any map and any table bring in what the rules take, and say of every other row why not. What
// was brought in is there, and a second run adds nothing.
//
// An input has the register's name in its first line, then the map, a line "---", and the table.
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "google/protobuf/stubs/logging.h"
#include "ledger/books/state.h"
#include "ledger/crypto/sha256.h"
#include "ledger/intake/register_import.h"
#include "ledger/sheets/encoding.h"
#include "ledger/store/memory.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/projects.h"
#include "tests/support/watched.h"

namespace fundtrail::testing {
namespace {

constexpr std::size_t kMaxBytes = 16 * 1024;  // of an input: more rows say nothing new, and take long

// A ledger with something of each register that the seeds name.
std::unique_ptr<log::Ledger> Begun(TestClock* clock) {
  auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock->Read()));
  const auto entry =
      Entry("root", 1, {Place("cn"), Place("gz", "cn", 1), Category("EDU"), Programme("schools", "root")});
  Need(ledger->AppendOne(SignedBytes(entry, {1}), clock->Read()).status());
  return ledger;
}

struct Input {
  const model::Register* of = nullptr;
  std::string map, table;
};
Input Parted(std::string_view text) {
  Input input;
  const auto line = text.substr(0, text.find('\n'));
  input.of = model::FindRegister(line);
  if (input.of == nullptr) {  // a name that is none is any one
    const std::size_t any = line.empty() ? 0 : static_cast<unsigned char>(line[0]);
    input.of = &model::Registers()[any % model::Registers().size()];
  }
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  const std::string_view mark = "---\n";
  const auto at = text.find(mark);
  input.map = std::string(text.substr(0, at == std::string_view::npos ? 0 : at));
  input.table = std::string(text.substr(at == std::string_view::npos ? 0 : at + mark.size()));
  return input;
}

// Imports it, and checks what is said about it against what came of it. Nothing when the map or the table is none.
StatusOr<intake::RegisterImportSummary> Import(const Input& input, bool amend, log::Ledger* ledger) {
  static const crypto::SigningKey key = Key(1);
  intake::RegisterImportOptions options;
  options.of = input.of;
  options.author = "root";
  options.key = &key;
  options.date = Need(ParseDate("2026-03-01"));
  options.amend = amend;
  FT_ASSIGN_OR_RETURN(options.map, sheets::ParseFieldMap(input.map, "fuzz.toml"));
  FT_ASSIGN_OR_RETURN(const std::string table, sheets::ToUtf8(input.table, options.map.encoding));
  Watched target(ledger);
  const std::uint64_t size = ledger->size();
  std::uint64_t rejects = 0;
  auto summary = intake::ImportRegister(&target, "fuzz.csv", table, crypto::Sha256(input.table), options,
                                        [&](const sheets::RawRow&, const std::string& reason) {
                                          FUZZ_CHECK(!reason.empty());
                                          ++rejects;
                                          return absl::OkStatus();
                                        });
  if (!summary.ok()) {
    FUZZ_CHECK(absl::IsInvalidArgument(summary.status()));  // the map or the table, and never the ledger
    FUZZ_CHECK(ledger->size() == size);
    return summary;
  }
  FUZZ_CHECK(summary->rejected == rejects);
  FUZZ_CHECK(summary->added + summary->amended + summary->present + rejects == summary->rows);
  FUZZ_CHECK(amend || summary->amended == 0);
  FUZZ_CHECK(ledger->size() == size + summary->entries);
  for (const auto& [id, stands] : summary->items)
    FUZZ_CHECK(Need(books::GetItem(ledger->store(), input.of->action, id)).has_value());
  return summary;
}

void Fuzz(std::string_view text) {
  const Input input = Parted(text);
  TestClock clock;
  const auto ledger = Begun(&clock);
  const auto first = Import(input, false, ledger.get());
  FUZZ_CHECK(first.ok() || !first.status().message().empty());
  if (!first.ok()) return;
  const auto again = Import(input, false, ledger.get());
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(again->added == 0 && again->entries == 0 && again->rows == first->rows);
  FUZZ_CHECK(Import(input, true, ledger.get()).ok());
}

}  // namespace
}  // namespace fundtrail::testing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto silent = google::protobuf::SetLogHandler(nullptr);
  (void)silent;
  if (size <= fundtrail::testing::kMaxBytes) fundtrail::testing::Fuzz(AsText(data, size));
  return 0;
}
