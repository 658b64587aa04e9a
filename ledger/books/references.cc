// See references.h.
#include "ledger/books/references.h"

#include <cassert>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/books/state.h"
#include "ledger/model/form.h"
#include "ledger/model/refusal.h"

namespace fundtrail::books {

Status RefuseItem(v1::RefusalCode code, const model::Register& of, std::string_view id,
                  const std::string& field, const std::string& sentence,
                  std::optional<std::uint64_t> record) {
  v1::Refusal refusal;
  refusal.set_code(code);
  refusal.set_field(field);
  refusal.set_sentence(sentence);
  refusal.set_register_(std::string(of.name));
  refusal.set_id(std::string(id));
  if (record.has_value()) refusal.set_record(*record);
  return model::Refuse(refusal);
}

namespace {

Status NoItem(const model::Register& of, std::string_view id, const std::string& field) {
  return RefuseItem(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, of, id, field,
                    absl::StrCat("there is no ", std::string(of.name), " ", std::string(id)));
}

}  // namespace

StatusOr<v1::RegisterRow> FindItem(const store::Reader& state, const model::Register& of, std::string_view id,
                                   const std::string& field) {
  FT_ASSIGN_OR_RETURN(auto row, GetItem(state, of.action, id));
  if (!row.has_value()) return NoItem(of, id, field);
  return *std::move(row);
}

StatusOr<SharedItem> FindItem(const store::Reader& state, Items* items, const model::Register& of,
                              std::string_view id, const std::string& field) {
  FT_ASSIGN_OR_RETURN(auto item, items->Get(state, of.action, id));
  if (item == nullptr) return NoItem(of, id, field);
  return item;
}

StatusOr<SharedItem> FindParty(const store::Reader& state, Items* items, std::string_view id,
                               const std::string& field) {
  return FindItem(state, items, *model::FindRegister(v1::Action::kRegisterParty), id, field);
}

StatusOr<v1::RegisterRow> FindParty(const store::Reader& state, std::string_view id,
                                    const std::string& field) {
  return FindItem(state, *model::FindRegister(v1::Action::kRegisterParty), id, field);
}

Status CheckGoesOn(const v1::RegisterRow& row, const std::string& field) {
  if (!row.has_ended()) return absl::OkStatus();
  const model::Register& of = *model::FindRegister(row.action().action_case());
  const std::string id = model::IdOf(row.action());
  return RefuseItem(v1::REFUSAL_CODE_REFERENCE_ENDED, of, id, field,
                    absl::StrCat(std::string(of.name), " ", id, " ended with record ", row.ended().record()),
                    row.ended().record());
}

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A field, and the id that stands in it.
using Reference = std::pair<const FieldDescriptor*, std::string>;

// Calls `take` with each reference, and with where it stands.
Status EachReference(const Message& item, const std::string& field,
                     const std::function<Status(const Reference&, const std::string&)>& take) {
  const auto* read = item.GetReflection();
  const auto* descriptor = item.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor& each = *descriptor->field(i);
    const auto at = [&] { return absl::StrCat(field, ".", each.name()); };
    if (each.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && each.is_repeated()) {
      for (int n = 0; n < read->FieldSize(item, &each); ++n)
        FT_RETURN_IF_ERROR(
            EachReference(read->GetRepeatedMessage(item, &each, n), absl::StrCat(at(), "[", n, "]"), take));
    }
    if (model::FormOf(each).refers_to().empty()) continue;
    for (const std::string& id : model::TextsOf(item, each)) FT_RETURN_IF_ERROR(take({&each, id}, at()));
  }
  return absl::OkStatus();
}

}  // namespace

Status CheckReferences(const store::Reader& state, const Message& item, const Message* before,
                       const std::string& field) {
  std::set<Reference> known;
  if (before != nullptr) {
    FT_RETURN_IF_ERROR(EachReference(*before, field, [&](const Reference& named, const std::string&) {
      known.insert(named);
      return absl::OkStatus();
    }));
  }
  return EachReference(item, field, [&](const Reference& named, const std::string& at) -> Status {
    const model::Register& of = *model::FindRegister(model::FormOf(*named.first).refers_to());
    FT_ASSIGN_OR_RETURN(const auto row, FindItem(state, of, named.second, at));
    return known.count(named) > 0 ? absl::OkStatus() : CheckGoesOn(row, at);
  });
}

StatusOr<std::vector<std::string>> ItemsNamed(const Message& item, std::string_view of_register) {
  std::vector<std::string> ids;
  FT_RETURN_IF_ERROR(EachReference(item, "", [&](const Reference& named, const std::string&) {
    if (model::FormOf(*named.first).refers_to() == of_register) ids.push_back(named.second);
    return absl::OkStatus();
  }));
  return ids;
}

std::vector<std::pair<const model::Register*, std::string>> AllNamed(const Message& item) {
  std::vector<std::pair<const model::Register*, std::string>> all;
  const Status walked = EachReference(item, "", [&](const Reference& named, const std::string&) {
    const model::Register* of = model::FindRegister(model::FormOf(*named.first).refers_to());
    if (of != nullptr) all.emplace_back(of, named.second);
    return absl::OkStatus();
  });
  assert(walked.ok());  // nothing above fails
  (void)walked;
  return all;
}

}  // namespace fundtrail::books
