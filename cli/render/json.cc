// See json.h.
#include "cli/render/json.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/render/csv.h"
#include "cli/render/style.h"
#include "fundtrail/v1/account.pb.h"
#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/registers.pb.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/form.h"
#include "nlohmann/json.hpp"

namespace fundtrail::render {
namespace {

using JsonField = google::protobuf::FieldDescriptor;
using JsonMessage = google::protobuf::Message;

// Signed numbers of answers that count no money. All others do: docs/json.md says so.
constexpr std::string_view kNoMoney[] = {
    "effective",       "expected", "from",  "largest",         "length",   "number",      "people",
    "people_at_least", "position", "ratio", "recorded_micros", "reported", "to_position", "value"};

// What is known of the assets that amounts count, at one place of an answer.
struct MoneyScope {
  std::optional<int> decimals;
  const std::map<std::string, int>* of_assets = nullptr;  // in lists of a register's item
};

bool IsSingle(const JsonField* field, JsonField::CppType type) {
  return field != nullptr && !field->is_repeated() && field->cpp_type() == type;
}

bool IsOfEntry(const google::protobuf::Descriptor& of) {
  return of.file() == v1::Entry::descriptor()->file();
}

// The decimals stand beside the asset, or in the account that a line is about. What names an asset without them counts
// one that is not known here. What an author signed has none itself: they stand around it.
MoneyScope ScopeOf(const JsonMessage& message, const MoneyScope& outer) {
  const google::protobuf::Descriptor& of = *message.GetDescriptor();
  const google::protobuf::Reflection& in = *message.GetReflection();
  if (IsOfEntry(of)) return outer;
  const JsonField* asset = of.FindFieldByName("asset");
  const JsonField* decimals = of.FindFieldByName("decimals");
  const JsonField* account = of.FindFieldByName("account");
  if (IsSingle(decimals, JsonField::CPPTYPE_UINT32)) {
    if (IsSingle(asset, JsonField::CPPTYPE_STRING) && in.GetString(message, asset).empty()) return {};
    return {PrintableDecimals(in.GetUInt32(message, decimals)), nullptr};
  }
  if (IsSingle(account, JsonField::CPPTYPE_MESSAGE) && account->message_type() == v1::Account::descriptor() &&
      in.HasField(message, account)) {
    return ScopeOf(in.GetMessage(message, account), {});
  }
  if (asset != nullptr || &of == v1::Attestation::descriptor()) return {};
  return outer;
}

// How many decimals an amount has; nothing of what is none, or where its asset is not known.
std::optional<int> DecimalsOfField(const JsonMessage& message, const JsonField& field,
                                   const MoneyScope& scope) {
  if (!IsSingle(&field, JsonField::CPPTYPE_INT64)) return std::nullopt;
  if (!IsOfEntry(*message.GetDescriptor())) {
    const bool none = std::find(std::begin(kNoMoney), std::end(kNoMoney), field.name()) != std::end(kNoMoney);
    return none ? std::nullopt : scope.decimals;
  }
  if (message.GetDescriptor() == v1::Transfer::descriptor())
    return field.number() == v1::Transfer::kAmountFieldNumber ? scope.decimals : std::nullopt;
  const JsonField* asset = message.GetDescriptor()->FindFieldByName(model::FormOf(field).amount_in());
  if (!IsSingle(asset, JsonField::CPPTYPE_STRING)) return std::nullopt;
  const std::string code = message.GetReflection()->GetString(message, asset);
  if (code.empty()) return std::nullopt;
  if (scope.of_assets != nullptr) {
    const auto found = scope.of_assets->find(code);
    if (found != scope.of_assets->end()) return found->second;
  }
  return scope.decimals;
}

std::map<std::string, int> AssetsOf(const v1::RegisterLine& line) {
  std::map<std::string, int> of_assets;
  for (const v1::AssetDecimals& asset : line.asset_decimals())
    of_assets[asset.asset()] = PrintableDecimals(asset.decimals());
  return of_assets;
}

// A text that would be escaped for a terminal has only ASCII in JSON.
std::string QuotedText(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', Escaped(text) != text, nlohmann::json::error_handler_t::replace);
}

class JsonWriter {
 public:
  explicit JsonWriter(bool spaced) : spaced_(spaced) {}

  // The whole of an answer: its own lists are there though they are empty, so that a program can always walk them.
  void Answer(const JsonMessage& message, const JsonField* without,
              const std::vector<std::string>& warnings) {
    keep_lists_ = true;
    Object(message, {}, without, warnings);
  }

  void Object(const JsonMessage& message, const MoneyScope& outer, const JsonField* without,
              const std::vector<std::string>& warnings) {
    MoneyScope scope = ScopeOf(message, outer);
    std::map<std::string, int> of_assets;
    if (message.GetDescriptor() == v1::RegisterLine::descriptor()) {
      of_assets = AssetsOf(static_cast<const v1::RegisterLine&>(message));
      scope.of_assets = &of_assets;
    }
    const google::protobuf::Descriptor& of = *message.GetDescriptor();
    const bool keeps_lists = std::exchange(keep_lists_, false);
    Open('{');
    const JsonField* last = nullptr;
    for (int i = 0; i < of.field_count(); ++i) {
      const JsonField* field = of.field(i);
      if (field == without || !(IsThere(message, *field) || (keeps_lists && field->is_repeated()))) continue;
      if (field->name() == "as_of") {
        last = field;
      } else {
        Member(message, *field, scope);
      }
    }
    if (!warnings.empty()) {
      Key("warnings");
      Open('[');
      for (const std::string& warning : warnings) {
        Next();
        text_ += QuotedText(warning);
      }
      Close(']');
    }
    if (last != nullptr) Member(message, *last, scope);
    Close('}');
  }

  std::string Taken() {
    first_ = true;
    return std::exchange(text_, std::string()) + "\n";
  }

 private:
  // Numbers, yes or no, and words of a list always are, but for those that may be left unsaid. Texts and lists are where
  // there is something in them.
  static bool IsThere(const JsonMessage& message, const JsonField& field) {
    const google::protobuf::Reflection& in = *message.GetReflection();
    if (field.is_repeated()) return in.FieldSize(message, &field) > 0;
    if (field.has_presence() || field.cpp_type() == JsonField::CPPTYPE_STRING)
      return in.HasField(message, &field);
    return true;
  }

  void Member(const JsonMessage& message, const JsonField& field, const MoneyScope& scope) {
    Key(field.name());
    if (field.is_repeated()) {
      Open('[');
      for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
        Next();
        Value(message, field, i, scope);
      }
      Close(']');
      return;
    }
    Value(message, field, kSingle, scope);
    if (const auto decimals = DecimalsOfField(message, field, scope); decimals.has_value()) {
      Key(field.name() + "_text");
      text_ += "\"" +
               PlainMoney(message.GetReflection()->GetInt64(message, &field),
                          static_cast<std::uint32_t>(*decimals)) +
               "\"";
    }
    if (field.name() == "recorded_micros" && IsSingle(&field, JsonField::CPPTYPE_INT64)) {
      const Timestamp time(message.GetReflection()->GetInt64(message, &field));
      if (!IsWithinBounds(time)) return;
      Key("recorded");
      text_ += "\"" + ToString(time) + "\"";
    }
  }

  void Value(const JsonMessage& message, const JsonField& field, int at, const MoneyScope& scope) {
    const google::protobuf::Reflection& in = *message.GetReflection();
    const bool single = at == kSingle;
    switch (field.cpp_type()) {
      case JsonField::CPPTYPE_INT32:
        text_ +=
            std::to_string(single ? in.GetInt32(message, &field) : in.GetRepeatedInt32(message, &field, at));
        break;
      case JsonField::CPPTYPE_UINT32:
        text_ += std::to_string(single ? in.GetUInt32(message, &field)
                                       : in.GetRepeatedUInt32(message, &field, at));
        break;
      case JsonField::CPPTYPE_INT64:
        text_ +=
            "\"" +
            std::to_string(single ? in.GetInt64(message, &field) : in.GetRepeatedInt64(message, &field, at)) +
            "\"";
        break;
      case JsonField::CPPTYPE_UINT64:
        text_ += "\"" +
                 std::to_string(single ? in.GetUInt64(message, &field)
                                       : in.GetRepeatedUInt64(message, &field, at)) +
                 "\"";
        break;
      case JsonField::CPPTYPE_DOUBLE:
        text_ +=
            nlohmann::json(single ? in.GetDouble(message, &field) : in.GetRepeatedDouble(message, &field, at))
                .dump();
        break;
      case JsonField::CPPTYPE_FLOAT:
        text_ +=
            nlohmann::json(single ? in.GetFloat(message, &field) : in.GetRepeatedFloat(message, &field, at))
                .dump();
        break;
      case JsonField::CPPTYPE_BOOL:
        text_ += (single ? in.GetBool(message, &field) : in.GetRepeatedBool(message, &field, at)) ? "true"
                                                                                                  : "false";
        break;
      case JsonField::CPPTYPE_ENUM: {
        const int number =
            single ? in.GetEnumValue(message, &field) : in.GetRepeatedEnumValue(message, &field, at);
        const std::string word = model::WordOf(*field.enum_type(), number);
        text_ += word.empty() ? std::to_string(number) : "\"" + word + "\"";
        break;
      }
      case JsonField::CPPTYPE_STRING: {
        const std::string text =
            single ? in.GetString(message, &field) : in.GetRepeatedString(message, &field, at);
        text_ += field.type() == JsonField::TYPE_BYTES ? "\"" + HexEncode(text) + "\"" : QuotedText(text);
        break;
      }
      case JsonField::CPPTYPE_MESSAGE:
        Object(single ? in.GetMessage(message, &field) : in.GetRepeatedMessage(message, &field, at), scope,
               nullptr, {});
        break;
    }
  }

  void Open(char sign) {
    text_ += sign;
    ++depth_;
    first_ = true;
  }
  void Close(char sign) {
    --depth_;
    if (!first_) Break();
    text_ += sign;
    first_ = false;
  }
  // Before a member or an item.
  void Next() {
    if (!first_) text_ += ',';
    first_ = false;
    Break();
  }
  void Key(std::string_view name) {
    Next();
    text_ += '"';
    text_ += name;
    text_ += spaced_ ? "\": " : "\":";
  }
  void Break() {
    if (!spaced_) return;
    text_ += '\n';
    text_.append(depth_, ' ');
  }

  static constexpr int kSingle = -1;

  bool spaced_;
  bool keep_lists_ = false;
  bool first_ = true;
  std::size_t depth_ = 0;
  std::string text_;
};

const JsonField* FirstList(const google::protobuf::Descriptor& of) {
  for (int i = 0; i < of.field_count(); ++i) {
    if (of.field(i)->is_repeated() && of.field(i)->cpp_type() == JsonField::CPPTYPE_MESSAGE)
      return of.field(i);
  }
  return nullptr;
}

}  // namespace

std::string Json(const google::protobuf::Message& message, const JsonForm& form) {
  JsonWriter writer(!form.lines);
  const JsonField* list = form.lines ? FirstList(*message.GetDescriptor()) : nullptr;
  std::string text;
  if (list != nullptr) {
    const google::protobuf::Reflection& in = *message.GetReflection();
    const MoneyScope scope = ScopeOf(message, {});
    for (int i = 0; i < in.FieldSize(message, list); ++i) {
      writer.Object(in.GetRepeatedMessage(message, list, i), scope, nullptr, {});
      text += writer.Taken();
    }
  }
  writer.Answer(message, list, form.warnings);
  return text + writer.Taken();
}

std::string JsonLine(const google::protobuf::Message& message) {
  JsonWriter writer(false);
  writer.Object(message, {}, nullptr, {});
  return writer.Taken();
}

}  // namespace fundtrail::render
