// See witness.h.
#include "ledger/tree/witness.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::tree {
namespace {

constexpr std::string_view kOld = "old ";
constexpr char kSizeType[] = "text/x.tlog.size";

Status BadAnswer(const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat("this is not an add-checkpoint request: ", why));
}

// Written again and compared: no sign, no leading zeros.
bool ParseDecimal(std::string_view text, std::uint64_t* number) {
  const std::string digits(text);
  return absl::SimpleAtoi(digits, number) && absl::StrCat(*number) == digits;
}

// Takes a line off the front; nothing when no line feed is left.
std::optional<std::string_view> NextLine(std::string_view* rest) {
  const std::size_t end = rest->find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest->substr(0, end);
  rest->remove_prefix(end + 1);
  return line;
}

WitnessAnswer Refuse(int status, const std::string& why) {
  WitnessAnswer answer;
  answer.status = status;
  answer.body = why + "\n";
  return answer;
}

}  // namespace

StatusOr<AddCheckpoint> ParseAddCheckpoint(std::string_view body) {
  if (body.size() > kMaxAddCheckpointBytes)
    return BadAnswer(absl::StrCat("it has more than ", kMaxAddCheckpointBytes, " bytes"));
  AddCheckpoint request;
  auto line = NextLine(&body);
  if (!line.has_value() || line->substr(0, kOld.size()) != kOld ||
      !ParseDecimal(line->substr(kOld.size()), &request.old_size))
    return BadAnswer("its first line is not \"old\" and a decimal number");
  for (line = NextLine(&body); line.has_value() && !line->empty(); line = NextLine(&body)) {
    const auto hash = Base64Decode(*line);
    if (!hash.ok() || hash->size() != Hash::kSize)
      return BadAnswer("a line of its proof is not a hash, the base64 of 32 bytes");
    if (request.proof.size() == kMaxAddCheckpointHashes)
      return BadAnswer(absl::StrCat("its proof has more than ", kMaxAddCheckpointHashes, " hashes"));
    FT_ASSIGN_OR_RETURN(request.proof.emplace_back(), Hash::FromBytes(*hash));
  }
  if (!line.has_value()) return BadAnswer("it ends before the empty line that stands above the checkpoint");
  auto note = ParseNote(body);
  const std::string_view text =
      body.substr(0, body.rfind("\n\n") + 1);  // as ParseNote finds it; empty without one
  if (!note.ok() && CheckNoteText(body).ok() && ParseCheckpoint(text).ok())
    return absl::PermissionDeniedError(note.status().message());
  FT_RETURN_IF_ERROR(note.status());
  request.note = *std::move(note);
  FT_ASSIGN_OR_RETURN(request.checkpoint, ParseCheckpoint(request.note.text));
  return request;
}

std::string FormatAddCheckpoint(const AddCheckpoint& request) {
  std::string body = absl::StrCat(std::string(kOld), request.old_size, "\n");
  for (const Hash& hash : request.proof) absl::StrAppend(&body, Base64Encode(hash.view()), "\n");
  return body + "\n" + FormatNote(request.note);
}

StatusOr<std::vector<WitnessedLog>> WitnessedLogs(const std::vector<std::string>& vkeys) {
  std::vector<WitnessedLog> logs;
  for (const std::string& vkey : vkeys) {
    FT_ASSIGN_OR_RETURN(Verifier key, ParseVkey(vkey));
    if (key.type != KeyType::kEd25519)
      return absl::InvalidArgumentError(
          absl::StrCat("the key of ", Escaped(key.name), " is a witness's: a log's is needed"));
    auto log = std::find_if(logs.begin(), logs.end(),
                            [&](const WitnessedLog& one) { return one.origin == key.name; });
    if (log == logs.end()) log = logs.insert(log, WitnessedLog{key.name, {}});
    // By ID too: VerifyNote could not tell them apart.
    if (std::any_of(log->keys.begin(), log->keys.end(),
                    [&](const Verifier& one) { return one.key_id == key.key_id; }))
      return absl::InvalidArgumentError(absl::StrCat("the key ", Escaped(vkey), " is given twice"));
    log->keys.push_back(std::move(key));
  }
  return logs;
}

StatusOr<Cosigner> MakeCosigner(std::string_view name, crypto::SigningKey key) {
  FT_ASSIGN_OR_RETURN(Verifier verifier, MakeVerifier(name, KeyType::kCosignature, key.public_key()));
  return Cosigner{std::move(verifier), std::move(key)};
}

WitnessAnswer AnswerUnreadable(const Status& why) {
  return Refuse(absl::IsPermissionDenied(why) ? 403 : 400, std::string(why.message()));
}

WitnessAnswer AnswerAddCheckpoint(const AddCheckpoint& request, const WitnessedLog* log,
                                  const std::optional<Checkpoint>& last, const Cosigner& cosigner,
                                  std::uint64_t seconds) {
  const Checkpoint& now = request.checkpoint;
  if (log == nullptr) return Refuse(404, "this witness does not follow that log");
  const auto signatures = VerifyNote(request.note, log->keys);
  if (!signatures.ok()) return Refuse(403, std::string(signatures.status().message()));
  if (request.old_size > now.size)
    return Refuse(400,
                  absl::StrCat("old is ", request.old_size, ", and the checkpoint's size only ", now.size));
  const std::uint64_t size = last.has_value() ? last->size : 0;
  if (request.old_size != size) {
    WitnessAnswer answer = Refuse(409, absl::StrCat(size));
    answer.content_type = kSizeType;
    return answer;
  }
  if (const Status sound = CheckEmptyRoot(now); !sound.ok()) return Refuse(422, std::string(sound.message()));
  const Hash root = last.has_value() ? last->root : EmptyRoot();
  const Status consistent = VerifyConsistency(size, now.size, root, now.root, request.proof);
  if (!consistent.ok()) {
    const bool proved =
        last.has_value() && ProvesContradiction(size, now.size, root, now.root, request.proof);
    WitnessAnswer answer = Refuse(422, absl::StrCat(proved ? "two histories by one key: " : "a bad proof: ",
                                                    std::string(consistent.message())));
    answer.two_histories = proved;
    return answer;
  }

  const auto cosignature = CosignNoteText(request.note.text, cosigner.verifier.name, cosigner.key, seconds);
  if (!cosignature.ok() || seconds == 0) return Refuse(500, "this witness cannot sign: is its clock right?");
  Note kept{request.note.text, {}};
  for (const NoteSignature& signature : request.note.signatures) {
    const bool by_log = std::any_of(log->keys.begin(), log->keys.end(), [&](const Verifier& key) {
      return key.name == signature.name && key.key_id == signature.key_id;
    });
    if (by_log) kept.signatures.push_back(signature);
  }
  kept.signatures.push_back(*cosignature);
  WitnessAnswer answer;
  answer.status = 200;
  answer.body = FormatNote({"", {*cosignature}}).substr(1);  // the lines alone
  if (!last.has_value() || last->size != now.size) answer.keep = FormatNote(kept);
  return answer;
}

StatusOr<Checkpoint> OpenCosigned(std::string_view note, const Verifier& cosigner) {
  FT_ASSIGN_OR_RETURN(const Note parsed, ParseNote(note));
  FT_RETURN_IF_ERROR(VerifyNote(parsed, {&cosigner, 1}).status());
  FT_ASSIGN_OR_RETURN(auto checkpoint, ParseCheckpoint(parsed.text));
  FT_RETURN_IF_ERROR(CheckEmptyRoot(checkpoint));
  return checkpoint;
}

StatusOr<NoteSignature> CosignatureIn(std::string_view body, const std::string& text,
                                      const Verifier& witness) {
  if (body.size() > kMaxAddCheckpointBytes)
    return absl::InvalidArgumentError("the witness's answer is too long");
  FT_ASSIGN_OR_RETURN(const Note note, ParseNote(absl::StrCat(text, "\n", std::string(body))));
  // So that lines of the answer cannot pass for text.
  if (note.text != text) return absl::InvalidArgumentError("the witness's answer is not one of signatures");
  FT_RETURN_IF_ERROR(VerifyNote(note, {&witness, 1}).status());
  return *std::find_if(note.signatures.begin(), note.signatures.end(), [&](const NoteSignature& one) {
    return one.name == witness.name && one.key_id == witness.key_id;
  });
}

StatusOr<std::uint64_t> SizeIn(std::string_view body) {
  std::uint64_t size = 0;
  if (!body.empty() && body.back() == '\n' && ParseDecimal(body.substr(0, body.size() - 1), &size))
    return size;
  return absl::InvalidArgumentError("the witness's answer is not a size");
}

}  // namespace fundtrail::tree
