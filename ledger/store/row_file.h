// Rows that come in the order of their keys and never change, in a file, to be read again now and then. They need no memory but for a
// few bytes of each hundred rows, and a row costs little more than a copy of its bytes. A store, which sorts them, takes some fifty
// times as long.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/store/overlay.h"

namespace fundtrail::store {

// Not thread-safe.
class RowFile final : public RowsAside {
 public:
  // Makes the file, which must not be there. It is nobody else's, and the caller removes it. UNAVAILABLE when the disk refuses.
  static StatusOr<std::unique_ptr<RowFile>> Make(const std::string& path);
  ~RowFile() override;
  RowFile(const RowFile&) = delete;
  RowFile& operator=(const RowFile&) = delete;

  // Needs a key that is greater than all before it, and a value.
  void Take(ByteView key, const std::optional<Bytes>& value) override;
  // UNAVAILABLE when the disk refused to write or read, or gave back other bytes. INTERNAL when Take got what it must not.
  StatusOr<std::optional<Bytes>> Get(ByteView key) const override;

 private:
  // So many bytes of rows, at least, lie between two keys that are known.
  static constexpr std::size_t kBlock = std::size_t{8} << 10;
  // So many are written together.
  static constexpr std::size_t kAtOnce = 16 * kBlock;

  struct Block {
    Bytes first;             // its first key
    std::uint64_t from = 0;  // where it begins in the file
    std::size_t hash = 0;    // of its bytes, once they are written
  };

  RowFile(std::string path, int file) : path_(std::move(path)), file_(file) {}
  void WriteOut();
  std::uint64_t end() const { return written_ + unwritten_.size(); }
  StatusOr<Bytes> ReadWritten(const Block& block, std::size_t size) const;

  const std::string path_;
  const int file_;
  Status failure_;  // of the first Take that failed
  std::vector<Block> blocks_;
  Bytes last_;  // key
  std::uint64_t written_ = 0;
  Bytes unwritten_;                  // whole blocks, but for the last
  std::size_t first_unwritten_ = 0;  // of blocks_
};

}  // namespace fundtrail::store
