// See proof.h.
#include "ledger/tree/proof.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::tree {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

Status BadProof(const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat("this is not a tlog-proof: ", why));
}

// Takes lines off the front of a text.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  // Without its line feed; nothing when no line feed is left.
  std::optional<std::string_view> Next() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    ++number_;
    return line;
  }
  std::string_view rest() const { return rest_; }
  int number() const { return number_; }  // of the line that Next gave, from 1

 private:
  std::string_view rest_;
  int number_ = 0;
};

bool StartsWith(std::string_view line, std::string_view start) {
  return line.substr(0, start.size()) == start;
}

}  // namespace

StatusOr<Proof> ParseProof(std::string_view text) {
  if (text.size() > kMaxProofBytes)
    return BadProof(absl::StrCat("it has more than ", kMaxProofBytes, " bytes"));
  Lines lines(text);
  if (lines.Next() != kFirstLine)
    return BadProof(absl::StrCat("its first line is not ", std::string(kFirstLine)));
  Proof proof;
  auto line = lines.Next();
  if (line.has_value() && StartsWith(*line, kExtra)) {
    auto extra = Base64Decode(line->substr(kExtra.size()));
    if (!extra.ok() || extra->empty())
      return BadProof("line 2: what follows \"extra\" is not base64 of some bytes");
    proof.extra = *std::move(extra);
    line = lines.Next();
  }
  const std::string index(line.has_value() && StartsWith(*line, kIndex) ? line->substr(kIndex.size()) : "");
  // Written again and compared: no sign, no leading zeros.
  if (!absl::SimpleAtoi(index, &proof.index) || absl::StrCat(proof.index) != index)
    return BadProof(
        absl::StrCat("line ", proof.extra.empty() ? 2 : 3, " is not \"index\" and a decimal number"));
  for (line = lines.Next(); line.has_value() && !line->empty(); line = lines.Next()) {
    const auto hash = Base64Decode(*line);
    if (!hash.ok() || hash->size() != Hash::kSize)
      return BadProof(absl::StrCat("line ", lines.number(), " is not a hash, the base64 of 32 bytes"));
    if (proof.path.size() == kMaxProofHashes)
      return BadProof(absl::StrCat("it has more than ", kMaxProofHashes, " hashes"));
    FT_ASSIGN_OR_RETURN(proof.path.emplace_back(), Hash::FromBytes(*hash));
  }
  if (!line.has_value()) return BadProof("it ends before the empty line that stands above the checkpoint");
  if (lines.rest().empty()) return BadProof("it has no checkpoint");
  proof.checkpoint = lines.rest();
  return proof;
}

std::string FormatProof(const Proof& proof) {
  std::string text = absl::StrCat(std::string(kFirstLine), "\n");
  if (!proof.extra.empty()) absl::StrAppend(&text, std::string(kExtra), Base64Encode(proof.extra), "\n");
  absl::StrAppend(&text, std::string(kIndex), proof.index, "\n");
  for (const Hash& hash : proof.path) absl::StrAppend(&text, Base64Encode(hash.view()), "\n");
  absl::StrAppend(&text, "\n", proof.checkpoint);
  return text;
}

StatusOr<Accepted> VerifyProof(const Proof& proof, const Hash& leaf_hash, const Policy& policy) {
  FT_ASSIGN_OR_RETURN(Accepted accepted, OpenUnderPolicy(policy, proof.checkpoint));
  FT_RETURN_IF_ERROR(VerifyInclusion(proof.index, accepted.checkpoint.size, leaf_hash, proof.path,
                                     accepted.checkpoint.root));
  return accepted;
}

}  // namespace fundtrail::tree
