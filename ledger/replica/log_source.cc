// See log_source.h.
#include "ledger/replica/log_source.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/model/row_keys.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/note.h"

namespace fundtrail::replica {

namespace {

// A machine that said nothing for so long may be of before the log was mended.
constexpr std::int64_t kSilentMicros = 60'000'000;

// What a note says, unverified; nothing when it is no checkpoint of that ledger.
std::optional<tree::Checkpoint> CheckpointIn(ByteView note, const std::string& ledger) {
  const auto parsed = tree::ParseNote(note);
  if (!parsed.ok()) return std::nullopt;
  auto checkpoint = tree::ParseCheckpoint(parsed->text);
  if (!checkpoint.ok() || checkpoint->origin != ledger) return std::nullopt;
  return *std::move(checkpoint);
}

class LogSource final : public audit::Source {
 public:
  LogSource(std::unique_ptr<store::GroupLog> log, std::string ledger)
      : log_(std::move(log)), ledger_(std::move(ledger)) {}

  StatusOr<std::optional<std::string>> Checkpoint() override {
    FT_ASSIGN_OR_RETURN(const auto view, log_->Look());
    const store::LogHead& head = view.head;
    if (head.ledger != ledger_)
      return absl::FailedPreconditionError(absl::StrCat("that database has the log of ", Escaped(head.ledger),
                                                        ", and the key is that of ", ledger_,
                                                        ": is the URL right?"));
    line_ = head.line;
    std::optional<tree::Checkpoint> newest = CheckpointIn(head.note, ledger_);
    ByteView note = newest.has_value() ? ByteView(head.note) : ByteView();
    for (const store::LogMember& member : view.members) {
      auto signed_by_it = CheckpointIn(member.note, ledger_);
      if (!signed_by_it.has_value()) continue;
      const bool counts_more = signed_by_it->size > head.size;
      if (counts_more && view.now_micros - member.seen_micros < kSilentMicros)
        return absl::FailedPreconditionError(absl::StrCat(
            "the log has ", head.size, " records, and the machine ", Escaped(member.holder), " signed ",
            signed_by_it->size, ": a failover forgot some. Copy from that machine's server"));
      if (counts_more || (newest.has_value() && signed_by_it->size <= newest->size)) continue;
      newest = std::move(signed_by_it);
      note = member.note;
    }
    if (!newest.has_value()) return std::optional<std::string>();
    if (newest->size > head.size)
      return absl::DataLossError(
          absl::StrCat("the log has ", head.size, " records, and its checkpoint counts ", newest->size));
    if (newest->size == head.size && newest->root != head.root)
      return absl::DataLossError(absl::StrCat("the log states another root than was signed over the same ",
                                              head.size, " records: two histories"));
    return std::optional(std::string(note));
  }

  Status Start(std::uint64_t from, std::uint64_t size) override {
    next_ = from;
    size_ = size;
    return absl::OkStatus();
  }

  StatusOr<audit::Records> Next() override {
    audit::Records records;
    if (next_ >= size_) return records;
    FT_ASSIGN_OR_RETURN(auto some, log_->Read(next_));
    // After a failover the records may be others. That is no fault of the ledger, and the next run sees what holds.
    FT_ASSIGN_OR_RETURN(const auto head, log_->Peek());
    if (head.line != line_)
      return absl::UnavailableError("the database failed over while its log was read: run it again");
    if (some.empty())
      return absl::DataLossError(
          absl::StrCat("the log says that it has ", head.size, " records, and has none from ", next_, " on"));
    if (some.size() > size_ - next_) some.resize(size_ - next_);
    for (Bytes& bytes : some) {
      audit::CheckedRecord& record = records.emplace_back();
      record.key = model::keys::Record(RecordIndex(next_++));
      record.bytes = std::move(bytes);
    }
    return records;
  }

  // A log has records and nothing beside them.
  StatusOr<audit::Comparison> Compare(const store::Reader& /*replayed*/, std::uint64_t /*size*/) override {
    return audit::Comparison();
  }

 private:
  const std::unique_ptr<store::GroupLog> log_;
  const std::string ledger_;
  std::string line_;  // of the database's history, on which the checkpoint was read
  std::uint64_t next_ = 0, size_ = 0;
};

}  // namespace

std::unique_ptr<audit::Source> FromLog(std::unique_ptr<store::GroupLog> log, std::string ledger) {
  return std::make_unique<LogSource>(std::move(log), std::move(ledger));
}

}  // namespace fundtrail::replica
