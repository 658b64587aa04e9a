// A ledger's store as a source, and which source a folder is. See source.h.
#include <filesystem>
#include <string_view>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "ledger/audit/source.h"
#include "ledger/folder/cosigned.h"
#include "ledger/folder/folder.h"
#include "ledger/model/bounds.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/passing.h"

namespace fundtrail::audit {

namespace keys = model::keys;
namespace fs = std::filesystem;

namespace {

class StoreSource final : public Source {
 public:
  explicit StoreSource(const store::Reader& rows) : rows_(rows) {}
  StoreSource(std::unique_ptr<store::Store> rows, std::optional<std::string> cosigned)
      : owned_(std::move(rows)), rows_(*owned_), cosigned_(std::move(cosigned)) {}

  StatusOr<std::optional<std::string>> Cosigned() override { return cosigned_; }

  StatusOr<std::optional<std::string>> Checkpoint() override { return rows_.Get(keys::Checkpoint()); }

  Status Start(std::uint64_t from, std::uint64_t) override {
    // Each record is read once: no room is made for them in the store's cache.
    cursor_ =
        store::ScanThrough(rows_, from == 0 ? keys::AllOf(keys::kRecordTag) : keys::Record(RecordIndex(from)),
                           store::PrefixEnd(keys::AllOf(keys::kRecordTag)));
    return absl::OkStatus();
  }

  StatusOr<Records> Next() override {
    Records records;
    std::size_t bytes = 0;
    for (; cursor_->Valid() && records.size() < kBatchRecords && bytes < kBatchBytes; cursor_->Next()) {
      CheckedRecord& record = records.emplace_back();
      record.key = Bytes(cursor_->key());
      // One byte more than a record may have shows that it is too long.
      record.bytes = Bytes(cursor_->value().substr(0, model::kMaxRecordBytes + 1));
      bytes += record.bytes.size();
    }
    // What stands before a damaged file is handed on first, so that the first bad record can be told.
    if (records.empty()) FT_RETURN_IF_ERROR(cursor_->status());
    return records;
  }

  StatusOr<Comparison> Compare(const store::Reader& replayed, std::uint64_t) override {
    return CompareRows(rows_, replayed);
  }

  // Records were compared byte by byte as they were replayed.
  Unstored WantsUnstored() const override { return {.summed = kSummed, .dropped = "r"}; }

  StatusOr<Comparison> CompareSummed(const store::Reader& replayed, const crypto::KeyedSum& sum,
                                     std::uint64_t) override {
    return CompareRows(rows_, replayed, kSummed, sum);
  }

 private:
  static constexpr std::string_view kSummed = "nlioqt";

  const std::unique_ptr<store::Store> owned_;
  const store::Reader& rows_;
  const std::optional<std::string> cosigned_;
  std::unique_ptr<store::Cursor> cursor_;
};

}  // namespace

std::unique_ptr<Source> FromStore(const store::Reader& rows) { return std::make_unique<StoreSource>(rows); }
std::unique_ptr<Source> FromStore(std::unique_ptr<store::Store> rows, std::optional<std::string> cosigned) {
  return std::make_unique<StoreSource>(std::move(rows), std::move(cosigned));
}

StatusOr<std::unique_ptr<Source>> FromFolder(const std::string& dir) {
  auto cosigned = folder::ReadCosigned(dir);  // before the rows, which must not be behind it
  auto rows = folder::OpenFolderToVerify(dir);
  if (rows.ok() && !cosigned.ok()) return cosigned.status();
  if (rows.ok()) return FromStore(*std::move(rows), *std::move(cosigned));
  if (!absl::IsNotFound(rows.status())) return rows.status();
  std::error_code error;
  const fs::path path(dir);
  if (fs::exists(path / kCheckpointPath, error) || fs::is_directory(path / "tile", error))
    return FromArchive(OpenArchiveFolder(dir));
  return absl::NotFoundError(
      absl::StrCat(dir, " is not a ledger, nor an archive of one: is the path right?"));
}

}  // namespace fundtrail::audit
