// See watch.h.
#include "ledger/query/watch.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/text.h"
#include "ledger/log/seal.h"
#include "ledger/model/form.h"
#include "ledger/model/register_table.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::query {

namespace {

using model::FieldDescriptor;
using model::Message;

constexpr std::size_t kMaxWatchBytes = std::size_t{64} << 10;
constexpr std::uint64_t kMaxLooked = 2'000;  // records of one answer

// Whether a text of the message, or of one inside it, names the item: its own id, or a reference to that register.
bool Names(const Message& message, const std::string& what, const std::string& id) {
  const auto& read = *message.GetReflection();
  const auto* const descriptor = message.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor& field = *descriptor->field(i);
    const int count = field.is_repeated() ? read.FieldSize(message, &field) : 1;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      for (int n = 0; n < count; ++n) {
        if (!field.is_repeated() && !read.HasField(message, &field)) continue;
        if (Names(field.is_repeated() ? read.GetRepeatedMessage(message, &field, n)
                                      : read.GetMessage(message, &field),
                  what, id))
          return true;
      }
      continue;
    }
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) continue;
    if (model::FormOf(field).refers_to() != what) continue;
    for (int n = 0; n < count; ++n) {
      if ((field.is_repeated() ? read.GetRepeatedString(message, &field, n)
                               : read.GetString(message, &field)) == id)
        return true;
    }
  }
  return false;
}

bool NamesIn(const v1::Action& action, const std::string& what, const std::string& id) {
  if (action.has_transfer()) {
    const v1::Transfer& transfer = action.transfer();
    if (what == "party") return transfer.from() == id || transfer.to() == id;
    if (what == "fund") return transfer.fund() == id || transfer.to_fund() == id;
    if (what == "project") return transfer.project() == id || transfer.to_project() == id;
    return what == "place" && transfer.place() == id;
  }
  if (action.has_acknowledge()) return what == "party" && action.acknowledge().by() == id;
  if (action.has_authorise_key()) return what == "party" && action.authorise_key().party() == id;
  if (action.has_revoke_key()) return what == "party" && action.revoke_key().party() == id;
  if (action.has_end_item()) return action.end_item().register_() == what && action.end_item().id() == id;
  const model::Register* const of = model::FindRegister(action.action_case());
  if (of != nullptr && of->name == what && model::IdOf(action) == id) return true;
  return Names(action, what, id);
}

std::string ActionName(const v1::Action& action) {
  const auto* const field =
      v1::Action::descriptor()->FindFieldByNumber(static_cast<int>(action.action_case()));
  return field == nullptr ? std::string() : field->name();
}

}  // namespace

bool WatchWants(const v1::WatchRequest& request, const v1::Action& action, const std::string& author) {
  const auto& kinds = request.kinds();
  if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), ActionName(action)) == kinds.end())
    return false;
  if (!request.party().empty() && author != request.party() && !NamesIn(action, "party", request.party()))
    return false;
  if (!request.fund().empty() && !NamesIn(action, "fund", request.fund())) return false;
  if (!request.project().empty() && !NamesIn(action, "project", request.project())) return false;
  return request.place().empty() || NamesIn(action, "place", request.place());
}

Status CheckWatch(const v1::WatchRequest& request) {
  const auto* const actions = v1::Action::descriptor();
  for (const std::string& kind : request.kinds()) {
    const auto* const field = actions->FindFieldByName(kind);
    if (field != nullptr && field->containing_oneof() != nullptr) continue;
    return absl::InvalidArgumentError(absl::StrCat("kinds: \"", Escaped(ClipToWidth(kind, 40)),
                                                   "\" is not a kind of action, as \"transfer\" is"));
  }
  return absl::OkStatus();
}

StatusOr<v1::WatchAnswer> WatchFrom(const View& view, const v1::WatchRequest& request, std::uint64_t from) {
  v1::WatchAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  const std::uint64_t size = view.checkpoint.size();
  std::uint64_t index = std::min(from, size);
  std::size_t bytes = 0;
  for (std::uint64_t looked = 0; index < size && looked < kMaxLooked && bytes < kMaxWatchBytes; ++looked) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(*view.rows, RecordIndex(index)));
    v1::WatchedRecord record;
    if (!record.mutable_entry()->ParseFromString(stored.record.signed_entry().entry()))
      return model::Damaged(model::keys::Record(RecordIndex(index)), "holds an entry that cannot be read");
    const auto& actions = record.entry().actions();
    const bool wanted = std::any_of(actions.begin(), actions.end(), [&](const v1::Action& action) {
      return WatchWants(request, action, record.entry().author());
    });
    if (wanted) {
      record.set_index(index);
      record.set_recorded_micros(stored.record.recorded_micros());
      record.set_leaf_hash(std::string(tree::LeafHash(stored.bytes).view()));
      bytes += record.ByteSizeLong();
      *answer.add_records() = std::move(record);
    }
    ++index;
  }
  answer.set_next(std::max(index, from));
  return answer;
}

}  // namespace fundtrail::query
