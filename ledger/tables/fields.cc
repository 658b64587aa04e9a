// See fields.h.
#include "ledger/tables/fields.h"

#include <cstdint>

#include "google/protobuf/descriptor.h"
#include "ledger/base/decimal.h"
#include "ledger/books/state.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/form.h"
#include "ledger/model/item_text.h"
#include "ledger/model/references.h"
#include "ledger/model/register_table.h"
#include "ledger/tables/schema.h"
#include "nlohmann/json.hpp"

namespace fundtrail::tables {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The message of the action, and what it is about: of an attestation the item, of a register nothing.
struct SaidMessage {
  const Message* message = nullptr;
  const model::Attestation* about = nullptr;
};

SaidMessage MessageOf(const v1::Action& action) {
  if (const auto* of = model::FindAttestation(action.action_case()))
    return {&model::AttestationIn(action), of};
  if (model::FindRegister(action.action_case()) != nullptr) return {&model::ItemOf(action), nullptr};
  return {};
}

// The asset that an amount of the message counts; empty when none is named.
StatusOr<std::string> AssetOf(Books* books, const v1::Action& action, const SaidMessage& said,
                              const FieldDescriptor& field) {
  const std::string& in = model::FormOf(field).amount_in();
  if (in != "@about") return model::TextIn(*said.message, in);
  if (said.about == nullptr) return std::string();
  FT_ASSIGN_OR_RETURN(const auto item,
                      books::GetItem(*books->view().rows, said.about->about, model::AboutOf(action)));
  return item.has_value() ? model::TextIn(model::ItemOf(item->action()), "asset") : std::string();
}

// The decimals of each asset that an amount inside the message counts, so that it can be written.
StatusOr<model::AmountDecimals> DecimalsInside(Books* books, const Message& message) {
  model::AmountDecimals decimals;
  decimals.commas = false;
  FT_RETURN_IF_ERROR(
      model::EachAmount(message, [&](const FieldDescriptor&, const std::string& asset) -> Status {
        FT_ASSIGN_OR_RETURN(const auto known, books->DecimalsOf(asset));
        if (known.has_value()) decimals.of_assets[asset] = *known;
        return absl::OkStatus();
      }));
  return decimals;
}

// What nobody said is an empty cell: no value of an enum, no amount, no reference. A number and a yes or no have no such
// value, unless they are amounts.
StatusOr<std::string> CellOf(const Message& message, const FieldDescriptor& field,
                             const model::AmountDecimals& decimals) {
  const auto* const read = message.GetReflection();
  if (field.is_repeated()) return ListText(model::FieldTexts(message, field, decimals));
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return std::string(read->GetBool(message, &field) ? "true" : "false");
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(read->GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::to_string(read->GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(read->GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (!read->HasField(message, &field)) return std::string();
      if (field.message_type() == v1::TransferRef::descriptor()) {
        v1::TransferRef ref;
        ref.CopyFrom(read->GetMessage(message, &field));
        return model::RefText(ref);
      }
      [[fallthrough]];
    default: {
      const auto texts = model::FieldTexts(message, field, decimals);
      return texts.empty() ? std::string() : texts.front();
    }
  }
}

}  // namespace

std::string ListText(const std::vector<std::string>& texts) {
  if (texts.empty()) return "";
  return nlohmann::json(texts).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Status AddFieldCells(Books* books, const v1::Action& action, std::vector<std::string>* cells) {
  const SaidMessage said = MessageOf(action);
  if (said.message == nullptr) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto decimals, DecimalsInside(books, *said.message));
  const auto& of = *said.message->GetDescriptor();
  for (int i = 0; i < of.field_count(); ++i) {
    const FieldDescriptor& field = *of.field(i);
    if (!HasUnits(field)) {
      FT_ASSIGN_OR_RETURN(std::string cell, CellOf(*said.message, field, decimals));
      cells->push_back(std::move(cell));
      continue;
    }
    if (!said.message->GetReflection()->HasField(*said.message, &field)) {
      cells->insert(cells->end(), 2, "");
      continue;
    }
    const std::int64_t units = said.message->GetReflection()->GetInt64(*said.message, &field);
    FT_ASSIGN_OR_RETURN(const std::string asset, AssetOf(books, action, said, field));
    FT_ASSIGN_OR_RETURN(const auto known, books->DecimalsOf(asset));
    cells->push_back(known.has_value() ? FormatPlain(Amount(units), *known) : "");
    cells->push_back(std::to_string(units));
  }
  return absl::OkStatus();
}

ItemPlace ItemIn(const v1::Action& action) {
  if (action.has_end_item()) {
    const auto* const of = model::FindRegister(action.end_item().register_());
    return {of == nullptr ? "" : TableOf(model::ActionField(*of)), action.end_item().id()};
  }
  if (action.has_genesis()) return {"parties", action.genesis().root_party()};
  if (action.has_acknowledge()) return {"transfers", model::RefText(action.acknowledge().transfer())};
  if (const auto* of = model::FindRegister(action.action_case()))
    return {TableOf(model::ActionField(*of)), model::IdOf(action)};
  if (const auto* of = model::FindAttestation(action.action_case()))
    return {TableOf(model::ActionField(*model::FindRegister(of->about))), model::AboutOf(action)};
  return {};
}

}  // namespace fundtrail::tables
