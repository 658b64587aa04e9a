// See pages.h.
#include "ledger/query/pages.h"

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::query {
namespace {

constexpr std::size_t kMarkBytes = 4;     // enough to tell a mistake
constexpr std::size_t kMaxToken = 1'000;  // ids have at most 64

}  // namespace

PageToken::PageToken(std::initializer_list<std::string_view> question) {
  Bytes bytes;
  for (const std::string_view part : question) {
    AppendBigEndian64(&bytes, part.size());
    bytes.append(part);
  }
  mark_ = HexEncode(tree::LeafHash(bytes).view().substr(0, kMarkBytes)) + ".";
}

std::string PageToken::At(std::string_view place) const { return mark_ + std::string(place); }

StatusOr<std::string> PageToken::Place(std::string_view token) const {
  if (token.size() > kMaxToken || token.size() <= mark_.size() || token.substr(0, mark_.size()) != mark_)
    return Refused(token);
  return std::string(token.substr(mark_.size()));
}

Status PageToken::Refused(std::string_view token) const {
  const bool shown = token.size() <= kMaxToken;
  return absl::InvalidArgumentError(absl::StrCat(
      "after: ", shown ? absl::StrCat("\"", Escaped(token), "\"") : "it",
      " is no page token of this question: give the `next` of an earlier answer to the same one"));
}

}  // namespace fundtrail::query
