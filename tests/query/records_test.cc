// Single lines, read in any order: those that a record shows, and each record is read once while the reader may keep it.
#include "ledger/query/records.h"

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/model/references.h"
#include "ledger/model/row_keys.h"
#include "tests/support/viewed_ledger.h"

namespace fundtrail::testing {
namespace {

// Counts how often records are read.
class RecordReads final : public store::Reader {
 public:
  explicit RecordReads(const store::Reader& rows) : rows_(rows) {}
  StatusOr<std::optional<Bytes>> Get(ByteView key) const override {
    if (key.starts_with(ByteView(model::keys::AllOf(model::keys::kRecordTag)))) ++count;
    return rows_.Get(key);
  }
  std::unique_ptr<store::Cursor> Scan(ByteView begin, ByteView end) const override {
    return rows_.Scan(begin, end);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    return rows_.Last(begin, end);
  }
  mutable std::size_t count = 0;

 private:
  const store::Reader& rows_;
};

// Records of so many payments, each with a purpose of so many bytes. The first is returned.
std::uint64_t Fill(ViewedLedger* paid, int records, int payments, std::size_t bytes) {
  const std::uint64_t first = paid->ledger->size();
  for (int record = 0; record < records; ++record) {
    std::vector<v1::Action> actions;
    for (int i = 0; i < payments; ++i) {
      v1::Action pay = Pay("donor", "ministry", 1 + record + i);
      pay.mutable_transfer()->set_purpose(std::string(bytes, 'p'));
      actions.push_back(std::move(pay));
    }
    paid->Do(actions);
  }
  return first;
}

void CheckShown(const query::View& view, const v1::TransferLine& line, std::uint64_t record,
                std::uint32_t number) {
  v1::ShowRequest request;
  request.mutable_ref()->set_record(record);
  request.mutable_ref()->set_line(number);
  const auto shown = Need(query::Show(view, request));
  REQUIRE(shown.transfers_size() == 1);
  CHECK(line.SerializeAsString() == shown.transfers(0).SerializeAsString());
}

TEST_CASE("lines that stand in a few records in turn read each record once") {
  ViewedLedger paid;
  const std::uint64_t first = Fill(&paid, 4, 6, 10);
  const query::View view = paid.view();
  query::View counted = view;
  const RecordReads reads(*view.rows);
  counted.rows = &reads;
  query::LineReader lines(counted);
  for (std::uint32_t line = 1; line <= 6; ++line)
    for (std::uint64_t record = first; record < first + 4; ++record)
      CheckShown(view, Need(lines.Get({RecordIndex(record), line})), record, line);
  CHECK(reads.count == 4);
  CHECK(absl::IsDataLoss(lines.Get({RecordIndex(first), 7}).status()));
  CHECK(absl::IsDataLoss(lines.Get({RecordIndex(first), 0}).status()));
  CHECK(absl::IsDataLoss(lines.Get({RecordIndex(first + 9), 1}).status()));
  CheckShown(view, Need(lines.Get({RecordIndex(first), 3})), first, 3);
}

TEST_CASE("a reader of more than it keeps reads again, and the lines are the same") {
  constexpr int kRecords = 30, kPayments = 25;
  constexpr std::size_t kPurpose = 1'900;
  static_assert(kRecords * kPayments * kPurpose > query::kMaxKeptRecordBytes);
  ViewedLedger paid;
  const std::uint64_t first = Fill(&paid, kRecords, kPayments, kPurpose);
  const query::View view = paid.view();
  query::View counted = view;
  const RecordReads reads(*view.rows);
  counted.rows = &reads;
  query::LineReader lines(counted);
  for (std::uint32_t line = 1; line <= 2; ++line)
    for (std::uint64_t record = first; record < first + kRecords; ++record)
      CheckShown(view, Need(lines.Get({RecordIndex(record), line})), record, line);
  CHECK(reads.count > kRecords);
  // The one that was read last is kept.
  const std::size_t before = reads.count;
  CheckShown(view, Need(lines.Get({RecordIndex(first + kRecords - 1), 9})), first + kRecords - 1, 9);
  CHECK(reads.count == before);
}

}  // namespace
}  // namespace fundtrail::testing
