// See references.h.
#include "ledger/books/references.h"

#include <cassert>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "ledger/books/state.h"
#include "ledger/model/by_type.h"
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

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A field that is looked at: it names items of a register, or is a list of messages with such fields.
struct Looked {
  const FieldDescriptor* field = nullptr;
  const model::Register* of = nullptr;  // null: a list of messages
};

// The fields of such a message that are looked at, in their order.
using Plan = std::vector<Looked>;

Plan PlanOf(const Descriptor& message) {
  Plan plan;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && field.is_repeated())
      plan.push_back({&field, nullptr});
    const std::string& named = model::FormOf(field).refers_to();
    if (named.empty()) continue;
    plan.push_back({&field, model::FindRegister(named)});
    assert(plan.back().of != nullptr);  // a test holds it of the .proto files
  }
  return plan;
}

// A field, and the id that stands in it.
using Reference = std::pair<const FieldDescriptor*, std::string>;

// Calls `take` with each reference, with its register, and with what puts in words where it stands: that is asked for when it is
// wrong.
using Where = std::function<std::string()>;
using Take = std::function<Status(const Reference&, const model::Register&, const Where&)>;

Status EachReference(const Message& item, const Where& where, const Take& take);

Status EachPlanned(const Message& item, const Plan& plan, const Where& where, const Take& take) {
  const auto* read = item.GetReflection();
  for (const auto& [field, of] : plan) {
    const auto at = [&where, name = &field->name()] { return absl::StrCat(where(), ".", *name); };
    if (of == nullptr) {
      for (int n = 0; n < read->FieldSize(item, field); ++n) {
        const auto in_list = [&at, n] { return absl::StrCat(at(), "[", n, "]"); };
        FT_RETURN_IF_ERROR(EachReference(read->GetRepeatedMessage(item, field, n), in_list, take));
      }
      continue;
    }
    for (std::string& id : model::TextsOf(item, *field))
      FT_RETURN_IF_ERROR(take({field, std::move(id)}, *of, at));
  }
  return absl::OkStatus();
}

Status EachReference(const Message& item, const Where& where, const Take& take) {
  static const model::ByType<Plan> plans(PlanOf);
  return plans.With(item, [&](const Plan& plan) { return EachPlanned(item, plan, where, take); });
}

std::string Nowhere() { return ""; }

}  // namespace

Status CheckReferences(const store::Reader& state, Items* items, const Message& item, const Message* before,
                       const std::string& field) {
  std::set<Reference> known;
  if (before != nullptr) {
    FT_RETURN_IF_ERROR(
        EachReference(*before, Nowhere, [&](const Reference& named, const model::Register&, const Where&) {
          known.insert(named);
          return absl::OkStatus();
        }));
  }
  const auto check = [&](const Reference& named, const model::Register& of, const Where& at) -> Status {
    FT_ASSIGN_OR_RETURN(const auto row, items->Get(state, of.action, named.second));
    if (row == nullptr) return NoItem(of, named.second, at());
    if (!row->has_ended() || known.count(named) > 0) return absl::OkStatus();
    return CheckGoesOn(*row, at());
  };
  return EachReference(
      item, [&field] { return field; }, check);
}

StatusOr<std::vector<std::string>> ItemsNamed(const Message& item, const model::Register& of_register) {
  std::vector<std::string> ids;
  FT_RETURN_IF_ERROR(
      EachReference(item, Nowhere, [&](const Reference& named, const model::Register& of, const Where&) {
        if (&of == &of_register) ids.push_back(named.second);
        return absl::OkStatus();
      }));
  return ids;
}

std::vector<std::pair<const model::Register*, std::string>> AllNamed(const Message& item) {
  std::vector<std::pair<const model::Register*, std::string>> all;
  const Status walked =
      EachReference(item, Nowhere, [&](const Reference& named, const model::Register& of, const Where&) {
        all.emplace_back(&of, named.second);
        return absl::OkStatus();
      });
  assert(walked.ok());  // nothing above fails
  (void)walked;
  return all;
}

}  // namespace fundtrail::books
