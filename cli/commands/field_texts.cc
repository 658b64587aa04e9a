// See field_texts.h.
#include "cli/commands/field_texts.h"

#include <utility>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/commands/operands.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/decimal.h"
#include "ledger/base/id.h"
#include "ledger/model/form.h"
#include "ledger/model/register_table.h"
#include "ledger/sheets/amount_text.h"

namespace fundtrail::cli {
namespace {

using model::FieldDescriptor;

// As the ledger reads it: "30000". Of what is no amount, or is one already, the text itself.
StatusOr<std::string> PlainAmount(const FieldReading& reading, const FieldDescriptor& asked,
                                  const std::string& asset, const std::string& text) {
  const auto money = sheets::SplitMoney(text);
  if (!money.ok() || asset.empty()) return text;
  const bool alone = money->before.empty() && money->behind.empty();
  if (alone && !sheets::MayBeThousands(text)) return text;
  FT_ASSIGN_OR_RETURN(const int decimals, reading.decimals_of(asked, asset));
  if (alone && !ParseDecimal(text, decimals).ok()) return text;
  const auto amount = sheets::ReadAmountOf(text, asset, decimals);
  if (!amount.ok()) return Annotate(amount.status(), OptionOf(asked));
  return FormatPlain(*amount, decimals);
}

// The asset that the item's own amount counts.
std::string AssetOfAmount(const FieldReading& reading, const model::Message& item,
                          const FieldDescriptor& amount, const std::vector<model::FieldValue>& given) {
  const std::string& in = model::FormOf(amount).amount_in();
  const auto* const of = amount.containing_type()->FindFieldByName(in);
  if (of == nullptr) return reading.asset_about;
  std::string asset = model::TextIn(item, of->name());
  for (const model::FieldValue& value : given)
    if (value.field == of && value.texts.size() == 1) asset = value.texts.front();
  return asset;
}

// "CNY=3万元=1=红十字会". The last part may have "=" in it, as model::SetFields reads it.
StatusOr<std::string> PlainParts(const FieldReading& reading, const FieldDescriptor& field,
                                 const std::string& text) {
  const auto& of = *field.message_type();
  std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits('=', of.field_count() - 1));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const FieldDescriptor& part = *of.field(static_cast<int>(i));
    const v1::Form& form = model::FormOf(part);
    if (parts[i].empty()) continue;
    if (IsAmount(part)) {
      const auto* const asset = of.FindFieldByName(form.amount_in());
      if (asset == nullptr || static_cast<std::size_t>(asset->index()) >= parts.size()) continue;
      const std::string code = parts[static_cast<std::size_t>(asset->index())];
      FT_ASSIGN_OR_RETURN(parts[i], PlainAmount(reading, field, code, parts[i]));
    } else if (!form.refers_to().empty() && form.shape() == v1::SHAPE_ID && !IsValidId(parts[i])) {
      Status missing;
      FT_ASSIGN_OR_RETURN(parts[i], IdNamed(reading.context, reading.connection, OptionOf(field),
                                            form.refers_to(), parts[i], Parts::kRefused, &missing));
      FT_RETURN_IF_ERROR(missing);
    }
  }
  return absl::StrJoin(parts, "=");
}

}  // namespace

std::string OptionOf(const FieldDescriptor& field) {
  const std::string& own = model::FormOf(field).option();
  return "--" + (own.empty() ? model::Dashed(field.name()) : own);
}

bool IsAmount(const FieldDescriptor& field) { return !model::FormOf(field).amount_in().empty(); }

Status ReadFieldTexts(const FieldReading& reading, const google::protobuf::Message& item,
                      std::vector<model::FieldValue>* given) {
  for (model::FieldValue& value : *given) {
    const FieldDescriptor& field = *value.field;
    for (std::string& text : value.texts) {
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        FT_ASSIGN_OR_RETURN(text, PlainParts(reading, field, text));
      } else if (IsAmount(field)) {
        FT_ASSIGN_OR_RETURN(text,
                            PlainAmount(reading, field, AssetOfAmount(reading, item, field, *given), text));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
