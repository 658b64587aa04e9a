// See source.h.
#include "cli/client/source.h"

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "cli/client/calls.h"
#include "cli/client/client_retry.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "ledger/copy/http_files.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::cli {
namespace {

constexpr int kMaxPage = 4 << 20;   // an honest page has some 1 MB
constexpr int kMaxInPage = 16'384;  // records: none has fewer than 100 bytes

// A server: its records as a stream of pages. Beside them it shows nothing.
class ServerSource final : public audit::Source {
 public:
  explicit ServerSource(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
  ~ServerSource() override { End(); }

  StatusOr<std::optional<std::string>> Cosigned() override {
    FT_ASSIGN_OR_RETURN(const auto answer, Latest());
    if (!answer.has_cosigned()) return std::optional<std::string>();
    return std::optional<std::string>(answer.cosigned().note());
  }

  StatusOr<std::optional<std::string>> Checkpoint() override {
    FT_ASSIGN_OR_RETURN(const auto answer, Latest());
    return std::optional<std::string>(answer.as_of().note());
  }

  Status Start(std::uint64_t from, std::uint64_t size) override {
    End();
    next_ = from;
    size_ = size;
    {
      const std::lock_guard lock(mutex_);
      stopped_ = false;
    }
    if (from < size) Ask();
    return absl::OkStatus();
  }

  // What breaks off is asked for again from where it broke off, within the --timeout.
  StatusOr<audit::Records> Next() override {
    audit::Records records;
    v1::RecordsAnswer page;
    if (reader_ == nullptr) return records;
    connection_->Begin();
    ClientRetry retry(connection_.get());
    while (true) {
      watch_->Begin();
      const bool read = reader_->Read(&page);
      watch_->End();
      if (read) break;
      watch_->Begin();
      Status end = StatusOfCall(reader_->Finish());
      if (watch_->expired()) end = Silent(connection_->page());
      Forget();
      if (end.ok()) return records;
      if (Stopped() || !retry.WaitForNext(end)) return retry.LastError(end);
      Ask();
    }
    // Before memory is spent on them: a message of empty records has millions.
    if (page.records_size() > kMaxInPage || static_cast<std::uint64_t>(page.records_size()) > size_ - next_) {
      return absl::DataLossError(absl::StrCat("the server gives ", page.records_size(),
                                              " records at a time, more than there may be"));
    }
    for (auto& bytes : *page.mutable_records()) {
      audit::CheckedRecord& record = records.emplace_back();
      record.key = model::keys::Record(RecordIndex(next_++));
      record.bytes = std::move(bytes);
    }
    if (records.empty()) return absl::DataLossError("the server gives pages without records");
    return records;
  }

  StatusOr<audit::Comparison> Compare(const store::Reader&, std::uint64_t) override {
    return audit::Comparison();
  }

  void Stop() override {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    if (context_ != nullptr) context_->TryCancel();
  }

 private:
  // Whoever follows asks for days, so each has the --timeout anew.
  StatusOr<v1::CheckpointAnswer> Latest() {
    connection_->Begin();
    return AskGetCheckpoint(connection_.get(), v1::CheckpointRequest());
  }

  void Ask() {
    v1::RecordsRequest request;
    request.set_from(next_);
    request.set_limit(size_ - next_);
    auto context = std::make_unique<grpc::ClientContext>();
    watch_ = std::make_unique<Watch>(context.get(), connection_->page());
    watch_->Begin();
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) context->TryCancel();
      context_ = std::move(context);
    }
    reader_ = connection_->stubs().ledger->Records(context_.get(), request);
  }

  bool Stopped() {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

  void Forget() {
    reader_.reset();
    watch_.reset();
    const std::lock_guard lock(mutex_);
    context_.reset();
  }

  void End() {
    if (reader_ == nullptr) return;
    context_->TryCancel();
    (void)reader_->Finish();
    Forget();
  }

  const std::unique_ptr<Connection> connection_;
  std::mutex mutex_;  // of the two that follow, which Stop() uses from another thread
  std::unique_ptr<grpc::ClientContext> context_;
  bool stopped_ = false;
  std::unique_ptr<Watch> watch_;
  std::unique_ptr<grpc::ClientReader<v1::RecordsAnswer>> reader_;
  std::uint64_t next_ = 0, size_ = 0;
};

// HOST:PORT, where no folder has that name.
bool IsServer(const std::string& where) {
  std::error_code error;
  const std::size_t colon = where.rfind(':');
  return colon != std::string::npos && colon > 0 && colon + 1 < where.size() &&
         where.find_first_not_of("0123456789", colon + 1) == std::string::npos &&
         where.find('/') == std::string::npos && !std::filesystem::exists(where, error);
}

}  // namespace

StatusOr<std::unique_ptr<audit::Source>> OpenSource(const Context& context, const std::string& where) {
  if (copy::IsUrl(where)) {
    FT_ASSIGN_OR_RETURN(auto files,
                        copy::HttpFiles::Open(where, context.ca_file, std::chrono::seconds(context.timeout)));
    return audit::FromArchive(std::move(files));
  }
  if (!IsServer(where)) return audit::FromFolder(where);
  Context remote = context;
  remote.ledger_dir.clear();
  remote.server = where;
  FT_ASSIGN_OR_RETURN(auto connection, Connection::Open(remote, Access::kAsk, kMaxPage));
  return std::unique_ptr<audit::Source>(std::make_unique<ServerSource>(std::move(connection)));
}

}  // namespace fundtrail::cli
