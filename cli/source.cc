// See source.h.
#include "cli/source.h"

#include <chrono>
#include <filesystem>
#include <future>
#include <optional>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "cli/connection.h"
#include "cli/http_files.h"
#include "ledger/model/keys.h"

namespace fundtrail::cli {
namespace {

constexpr int kMostAnswer = 4 << 20;           // an honest page has some 1 MB
constexpr std::chrono::seconds kMostWait{60};  // for an answer, and for each page
constexpr int kMostInPage = 16'384;            // records: none has fewer than 100 bytes

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
    v1::RecordsRequest request;
    request.set_from(from);
    request.set_limit(size - from);
    if (from >= size) return absl::OkStatus();
    context_.emplace();
    reader_ = connection_->ledger().Records(&*context_, request);
    return absl::OkStatus();
  }

  StatusOr<audit::Records> Next() override {
    audit::Records records;
    v1::RecordsAnswer page;
    if (reader_ == nullptr) return records;
    auto read = std::async(std::launch::async, [&] { return reader_->Read(&page); });
    const bool silent = read.wait_for(kMostWait) == std::future_status::timeout;
    if (silent) context_->TryCancel();
    if (!read.get()) {
      const Status end = Told(reader_->Finish());
      reader_.reset();
      if (silent) return Silent();
      FT_RETURN_IF_ERROR(end);
      return records;
    }
    // Before memory is spent on them: a message of empty records has millions.
    if (page.records_size() > kMostInPage ||
        static_cast<std::uint64_t>(page.records_size()) > size_ - next_) {
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
    if (context_.has_value()) context_->TryCancel();
  }

 private:
  StatusOr<v1::CheckpointAnswer> Latest() {
    auto answer =
        Call(connection_->ledger(), &v1::Ledger::Stub::GetCheckpoint, v1::CheckpointRequest(), kMostWait);
    if (absl::IsDeadlineExceeded(answer.status())) return Silent();
    return answer;
  }

  static Status Silent() {
    return absl::UnavailableError(
        absl::StrCat("the server is there and has sent nothing for ", kMostWait.count(), " seconds"));
  }

  void End() {
    if (reader_ == nullptr) return;
    context_->TryCancel();
    (void)reader_->Finish();
    reader_.reset();
  }

  const std::unique_ptr<Connection> connection_;
  std::optional<grpc::ClientContext> context_;
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
  if (IsUrl(where)) {
    FT_ASSIGN_OR_RETURN(auto files, OpenHttpFiles(where, context.ca_file));
    return audit::FromArchive(std::move(files));
  }
  if (!IsServer(where)) return audit::FromFolder(where);
  Context remote = context;
  remote.ledger_dir.clear();
  remote.server = where;
  FT_ASSIGN_OR_RETURN(auto connection, Connection::Open(remote, Access::kAsk, kMostAnswer));
  return std::unique_ptr<audit::Source>(std::make_unique<ServerSource>(std::move(connection)));
}

}  // namespace fundtrail::cli
