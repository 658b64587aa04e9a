// See checkpoint.h.
#include "ledger/tree/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::tree {
namespace {

Status BadCheckpoint(const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat("this is not a checkpoint: ", why));
}

StatusOr<std::uint64_t> ParseSize(std::string_view text) {
  std::uint64_t size = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, size);
  // Written again and compared: no leading zeros.
  if (error != std::errc() || stop != end || absl::StrCat(size) != text) {
    return BadCheckpoint("its second line is not a size, a decimal number below 2^64 without leading zeros");
  }
  return size;
}

}  // namespace

std::string FormatCheckpoint(const Checkpoint& checkpoint) {
  std::string text = absl::StrCat(checkpoint.origin, "\n", checkpoint.size, "\n",
                                  Base64Encode(checkpoint.root.view()), "\n");
  for (const std::string& line : checkpoint.extensions) absl::StrAppend(&text, line, "\n");
  return text;
}

StatusOr<Checkpoint> ParseCheckpoint(std::string_view text) {
  FT_RETURN_IF_ERROR(CheckNoteText(text));
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    if (lines.back().empty()) return BadCheckpoint("it has an empty line");
    text.remove_prefix(lines.back().size() + 1);
  }
  if (lines.size() < 3) return BadCheckpoint("it has fewer than three lines");
  Checkpoint checkpoint;
  checkpoint.origin = lines[0];
  FT_ASSIGN_OR_RETURN(checkpoint.size, ParseSize(lines[1]));
  const auto root = Base64Decode(lines[2]);
  if (!root.ok() || root->size() != Hash::kSize) {
    return BadCheckpoint("its third line is not a root, the base64 of 32 bytes");
  }
  FT_ASSIGN_OR_RETURN(checkpoint.root, Hash::FromBytes(*root));
  checkpoint.extensions.assign(lines.begin() + 3, lines.end());
  return checkpoint;
}

Status CheckEmptyRoot(const Checkpoint& checkpoint) {
  if (checkpoint.size == 0 && checkpoint.root != EmptyRoot()) {
    return BadCheckpoint("its size is 0, but its root is not the empty tree's");
  }
  return absl::OkStatus();
}

StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint, const crypto::SigningKey& key) {
  Note note;
  note.text = FormatCheckpoint(checkpoint);
  // What is signed must read back as what was meant: a line feed in a field would make it another.
  FT_ASSIGN_OR_RETURN(const Checkpoint read_back, ParseCheckpoint(note.text));
  if (read_back != checkpoint) return BadCheckpoint("a line feed stands within its origin or an extension");
  FT_RETURN_IF_ERROR(CheckEmptyRoot(checkpoint));
  FT_ASSIGN_OR_RETURN(NoteSignature signature, SignNoteText(note.text, checkpoint.origin, key));
  note.signatures.push_back(std::move(signature));
  return FormatNote(note);
}

StatusOr<Checkpoint> OpenCheckpoint(std::string_view note, const Verifier& log) {
  if (log.type != KeyType::kEd25519) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the key ", FormatVkey(log), " is a witness's: a log's key is needed to open a checkpoint"));
  }
  FT_ASSIGN_OR_RETURN(const Note parsed, ParseNote(note));
  const auto good = VerifyNote(parsed, std::span(&log, 1));
  if (!good.ok()) return Annotate(good.status(), "the checkpoint is not by " + Escaped(log.name));
  FT_ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpoint(parsed.text));
  if (checkpoint.origin != log.name) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the checkpoint is of the log ", Escaped(checkpoint.origin), ", not of ", Escaped(log.name)));
  }
  FT_RETURN_IF_ERROR(CheckEmptyRoot(checkpoint));
  return checkpoint;
}

}  // namespace fundtrail::tree
