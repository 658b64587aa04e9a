// See resend.h.
#include "cli/client/resend.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/client/questions.h"
#include "cli/unanswered.h"
#include "ledger/base/text.h"
#include "ledger/model/entry.h"
#include "ledger/model/refusal.h"
#include "ledger/pipeline/retry.h"

namespace fundtrail::cli {
namespace {

// The record that a refusal names at its end: "... used this id for another entry, record 12".
std::optional<std::uint64_t> RecordIn(const std::string& sentence) {
  const std::string_view word = "record ";
  const auto at = sentence.rfind(word);
  std::uint64_t record = 0;
  if (at == std::string::npos || !absl::SimpleAtoi(sentence.substr(at + word.size()), &record))
    return std::nullopt;
  return record;
}

}  // namespace

StatusOr<Outgoing> SignOutgoing(v1::Entry entry, std::shared_ptr<const crypto::SigningKey> key,
                                bool day_given) {
  FT_ASSIGN_OR_RETURN(const auto signed_entry, model::SignEntry(std::move(entry), *key));
  Outgoing outgoing;
  outgoing.entry.ParseFromString(signed_entry.entry());  // with its signers
  outgoing.bytes = model::SerialiseDeterministic(signed_entry);
  if (!day_given) outgoing.undated = std::move(key);
  return outgoing;
}

bool MayBeTaken(const Status& failed) {
  if (failed.ok() || model::RefusalOf(failed).has_value() || pipeline::RetryDelay(failed).has_value())
    return false;
  switch (failed.code()) {
    // What was there said no, or what is there cannot have known what to do with it.
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kUnimplemented:
      return false;
    default:
      return true;
  }
}

Status TellHow(const Status& failed, const Outgoing& outgoing) {
  const std::string id = HexEncode(outgoing.entry.id());
  std::string options;
  if (!outgoing.id_in_file) absl::StrAppend(&options, " --id ", id);
  if (!outgoing.date_in_file) absl::StrAppend(&options, " --date ", outgoing.entry.date());
  // The version that an amendment names is another one once it was taken.
  for (const auto& action : outgoing.entry.actions())
    if (action.has_amends() && !outgoing.id_in_file)
      absl::StrAppend(&options, " --record ", action.amends().record());
  Status told(
      failed.code(),
      absl::StrCat(failed.message(),
                   ". The entry may have been taken. To ask again without writing it twice, say the same "
                   "again",
                   options.empty() ? ", with the same file" : " with", options));
  MarkUnanswered({id, outgoing.entry.date()}, &told);
  return told;
}

StatusOr<std::optional<Outgoing>> OfAnotherDay(Connection* connection, const Outgoing& outgoing,
                                               const Status& refused) {
  const auto refusal = model::RefusalOf(refused);
  if (outgoing.undated == nullptr || !refusal.has_value() || refusal->code() != v1::REFUSAL_CODE_ID_REUSED)
    return std::optional<Outgoing>();
  const auto record = RecordIn(refusal->sentence());
  if (!record.has_value()) return std::optional<Outgoing>();
  v1::ShowRequest request;
  request.mutable_ref()->set_record(*record);
  const auto shown = AskShow(connection, request);
  if (!shown.ok()) return std::optional<Outgoing>();  // the refusal stands
  v1::Entry entry = outgoing.entry;
  entry.set_date(shown->entry().date());
  if (model::SerialiseDeterministic(entry) != model::SerialiseDeterministic(shown->entry()))
    return std::optional<Outgoing>();
  FT_ASSIGN_OR_RETURN(auto same, SignOutgoing(std::move(entry), outgoing.undated, true));
  return std::optional<Outgoing>(std::move(same));
}

}  // namespace fundtrail::cli
