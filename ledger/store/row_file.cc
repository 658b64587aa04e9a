// See row_file.h. A row is the lengths of its key and of its value, four bytes each, the key, and the value.
#include "ledger/store/row_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <limits>

#include "absl/strings/str_cat.h"
#include "ledger/base/files.h"

namespace fundtrail::store {
namespace {

std::size_t HashOfBlock(ByteView bytes) { return std::hash<ByteView>()(bytes); }

// Takes so many bytes off the front.
ByteView Front(ByteView* rest, std::size_t size) {
  const ByteView front = rest->substr(0, size);
  rest->remove_prefix(front.size());
  return front;
}

}  // namespace

StatusOr<std::unique_ptr<RowFile>> RowFile::Make(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return SystemError("make", path);
  return std::unique_ptr<RowFile>(new RowFile(path, file));
}

RowFile::~RowFile() { ::close(file_); }

void RowFile::Take(ByteView key, const std::optional<Bytes>& value) {
  if (!failure_.ok()) return;
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (!value.has_value() || key <= last_ || key.size() > kMost || value->size() > kMost) {
    failure_ =
        absl::InternalError("a row came to a file of rows that is not the next, or has no place there");
    return;
  }
  if (blocks_.empty() || end() - blocks_.back().from >= kBlock) {
    if (unwritten_.size() >= kAtOnce) WriteOut();
    if (!failure_.ok()) return;
    blocks_.push_back({.first = Bytes(key), .from = end()});
  }
  AppendBigEndian32(&unwritten_, static_cast<std::uint32_t>(key.size()));
  AppendBigEndian32(&unwritten_, static_cast<std::uint32_t>(value->size()));
  unwritten_.append(key);
  unwritten_.append(*value);
  last_ = key;
}

// The last block is whole.
void RowFile::WriteOut() {
  for (std::size_t i = first_unwritten_; i < blocks_.size(); ++i) {
    const std::uint64_t to = i + 1 < blocks_.size() ? blocks_[i + 1].from : end();
    blocks_[i].hash =
        HashOfBlock(ByteView(unwritten_).substr(blocks_[i].from - written_, to - blocks_[i].from));
  }
  for (ByteView rest = unwritten_; !rest.empty();) {
    const ::ssize_t wrote = ::write(file_, rest.data(), rest.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) {
      failure_ = SystemError("write", path_);
      return;
    }
    rest.remove_prefix(static_cast<std::size_t>(wrote));
  }
  written_ = end();
  unwritten_.clear();
  first_unwritten_ = blocks_.size();
}

StatusOr<Bytes> RowFile::ReadWritten(const Block& block, std::size_t size) const {
  Bytes bytes(size, '\0');
  for (std::size_t have = 0; have < size;) {
    const ::ssize_t got =
        ::pread(file_, bytes.data() + have, size - have, static_cast<::off_t>(block.from + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError("read", path_);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  if (HashOfBlock(bytes) != block.hash)
    return absl::UnavailableError(
        absl::StrCat(path_, " does not read as it was written: is the disk damaged?"));
  return bytes;
}

StatusOr<std::optional<Bytes>> RowFile::Get(ByteView key) const {
  FT_RETURN_IF_ERROR(failure_);
  const auto after = std::upper_bound(blocks_.begin(), blocks_.end(), key,
                                      [](ByteView one, const Block& block) { return one < block.first; });
  if (after == blocks_.begin()) return std::nullopt;
  const Block& block = *std::prev(after);
  const auto size = static_cast<std::size_t>((after == blocks_.end() ? end() : after->from) - block.from);
  Bytes read;
  ByteView rest;
  if (block.from < written_) {
    FT_ASSIGN_OR_RETURN(read, ReadWritten(block, size));
    rest = read;
  } else {
    rest = ByteView(unwritten_).substr(static_cast<std::size_t>(block.from - written_), size);
  }
  while (!rest.empty()) {
    const std::size_t key_size = ReadBigEndian32(Front(&rest, 4)),
                      value_size = ReadBigEndian32(Front(&rest, 4));
    const ByteView at = Front(&rest, key_size), value = Front(&rest, value_size);
    if (at == key) return std::optional<Bytes>(Bytes(value));
  }
  return std::nullopt;
}

}  // namespace fundtrail::store
