// See import_target.h.
#include "cli/client/import_target.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/client/client_retry.h"
#include "cli/client/questions.h"
#include "cli/client/send.h"
#include "ledger/audit/replay.h"
#include "ledger/audit/scratch_store.h"
#include "ledger/intake/own_ledger.h"
#include "ledger/model/row_keys.h"
#include "ledger/pipeline/pipeline.h"
#include "ledger/tree/merkle.h"
#include "server/server.h"

namespace fundtrail::cli {
namespace {

StatusOr<log::Receipt> FromMessage(const v1::Receipt& message) {
  log::Receipt receipt;
  receipt.record = RecordIndex(message.record());
  receipt.recorded = Timestamp(message.recorded_micros());
  FT_ASSIGN_OR_RETURN(receipt.leaf_hash, Hash::FromBytes(message.leaf_hash()));
  receipt.repeated = message.repeated();
  receipt.checkpoint = message.checkpoint();
  return receipt;
}

class Remote final : public intake::Target {
 public:
  static StatusOr<std::unique_ptr<intake::Target>> Make(Connection* connection, const std::string& name,
                                                        std::function<void(std::uint64_t)> progress) {
    FT_ASSIGN_OR_RETURN(auto scratch, audit::Scratch::Make(""));
    std::unique_ptr<Remote> remote(new Remote(connection, name, std::move(scratch)));
    remote->progress_ = std::move(progress);
    FT_RETURN_IF_ERROR(remote->CatchUp());
    remote->progress_ = nullptr;
    return std::unique_ptr<intake::Target>(std::move(remote));
  }

  const std::string& name() const override { return name_; }
  const store::Reader& rows() const override { return replay_.rows(); }
  std::uint64_t size() const override { return replay_.tip().tree.size(); }
  StatusOr<log::Receipt> Append(ByteView signed_entry) override {
    connection_.Begin();
    bool unanswered = false;
    const auto message = Send(&connection_, Bytes(signed_entry), &unanswered);
    FT_RETURN_IF_ERROR(CatchUp());
    if (!message.ok()) return message.status();
    FT_ASSIGN_OR_RETURN(auto receipt, FromMessage(*message));
    if (unanswered) receipt.repeated = false;  // by an attempt of this run, as far as anybody can know
    if (receipt.record.value() >= size())
      return absl::DataLossError(absl::StrCat("the server gave a receipt for record ", receipt.record.value(),
                                              " and does not show it"));
    // A server that was set back to an older state gives numbers again that this copy has for other records. That it
    // contradicts itself is all that is known: a receipt's hash is nobody's signature.
    FT_ASSIGN_OR_RETURN(const auto record, rows().Get(model::keys::Record(receipt.record)));
    if (!record.has_value() || tree::LeafHash(*record) != receipt.leaf_hash)
      return absl::DataLossError(
          absl::StrCat("the server's record ", receipt.record.value(),
                       " is not the one that it showed before: its answers contradict each other"));
    return receipt;
  }

 private:
  Remote(Connection* connection, std::string name, std::unique_ptr<audit::Scratch> scratch)
      : connection_(*connection),
        name_(std::move(name)),
        scratch_(std::move(scratch)),
        replay_(&scratch_->rows(), name_) {}

  // Replays what the ledger has and this copy has not, and goes on where it broke off.
  Status CatchUp() {
    connection_.Begin();
    ClientRetry retry(&connection_);
    while (true) {
      const std::uint64_t before = size();
      Status caught = CatchUpOnce();
      if (size() > before) retry.Progress();
      if (caught.ok()) return caught;
      if (!retry.WaitForNext(caught)) return retry.LastError(caught);
    }
  }

  Status CatchUpOnce() {
    v1::RecordsRequest request;
    request.set_from(size());
    v1::CheckpointRef as_of;
    const std::function<Status(const v1::RecordsAnswer&)> take =
        [&](const v1::RecordsAnswer& page) -> Status {
      as_of = page.as_of();
      for (const auto& record : page.records()) {
        audit::CheckedRecord checked;
        checked.key = model::keys::Record(RecordIndex(size()));
        checked.bytes = record;
        audit::CheckAlone(&checked);
        const std::uint64_t index = size();
        FT_ASSIGN_OR_RETURN(const auto problem, replay_.Take(checked));
        if (problem.has_value())
          return absl::DataLossError(absl::StrCat("the server's record ", index, " ", *problem));
        if (progress_) progress_(size());
      }
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(ReadRecordsOnce(&connection_, request, take));
    if (as_of.size() == size() && as_of.size() > 0 && as_of.root() != replay_.tip().tree.Root().view())
      return absl::DataLossError("the server's records do not have the root of its checkpoint");
    return absl::OkStatus();
  }

  Connection& connection_;
  const std::string name_;
  const std::unique_ptr<audit::Scratch> scratch_;
  audit::Replay replay_;
  std::function<void(std::uint64_t)> progress_;
};

// The server of this process takes what was judged straight into its pipeline: a message could not hold it.
intake::WayIn InThisProcess(Connection* connection) {
  intake::WayIn way;
  way.append = [connection](ByteView signed_entry) -> StatusOr<log::Receipt> {
    bool unanswered = false;
    FT_ASSIGN_OR_RETURN(const auto message, Send(connection, Bytes(signed_entry), &unanswered));
    return FromMessage(message);
  };
  way.hand_over = [connection](Bytes signed_entry, std::shared_ptr<const log::Judged> judged,
                               intake::WayIn::Done done) {
    pipeline::Job job;
    job.signed_entry = std::move(signed_entry);
    job.judged = std::move(judged);
    job.done = std::move(done);
    return connection->own()->Submit(std::move(job));
  };
  return way;
}

}  // namespace

StatusOr<std::unique_ptr<intake::Target>> MakeTarget(
    Connection* connection, std::function<void(std::uint64_t done, std::uint64_t total)> progress) {
  FT_ASSIGN_OR_RETURN(const auto answer, AskGetCheckpoint(connection, v1::CheckpointRequest()));
  if (connection->own() == nullptr) {
    return Remote::Make(connection, answer.as_of().ledger(),
                        [progress = std::move(progress), total = answer.as_of().size()](std::uint64_t done) {
                          progress(done, std::max(done, total));
                        });
  }
  return std::unique_ptr<intake::Target>(std::make_unique<intake::OwnLedger>(
      answer.as_of().ledger(), connection->own_rows(), answer.as_of().size(), InThisProcess(connection),
      log::SystemClock()));
}

}  // namespace fundtrail::cli
