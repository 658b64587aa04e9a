// See json_items.h. The library reads; what it tells, event by event, is built up for one item and dropped.
#include "ledger/sheets/json_items.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "nlohmann/json.hpp"

namespace fundtrail::sheets {
namespace {

// Takes the events of nlohmann's parser; false stops it. The outermost object is at depth 1, its list at 2, an item at 3.
class ItemReader {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  ItemReader(std::string_view list, const TakeItem& take) : list_(list), take_(take) {}

  const Status& status() const { return status_; }
  std::optional<std::size_t> syntax_at() const { return syntax_at_; }
  bool found() const { return found_; }

  bool null() { return Value(JsonValue::Kind::kNothing, ""); }
  bool boolean(bool value) { return Value(JsonValue::Kind::kBoolean, value ? "true" : "false"); }
  bool number_integer(number_integer_t value) {
    return Value(JsonValue::Kind::kNumber, std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) {
    return Value(JsonValue::Kind::kNumber, std::to_string(value));
  }
  bool number_float(number_float_t, const string_t& text) { return Value(JsonValue::Kind::kNumber, text); }
  bool string(string_t& value) {
    if (value.size() > kMaxJsonText)
      return Stop(
          absl::InvalidArgumentError(absl::StrCat(Place(), " has a text of over ", kMaxJsonText, " bytes")));
    return Value(JsonValue::Kind::kText, value);
  }
  bool binary(binary_t&) { return Stop(absl::InvalidArgumentError("the file has bytes that are no JSON")); }

  bool start_object(std::size_t) { return Open(JsonValue::Kind::kObject); }
  bool key(string_t& value) {
    if (value.size() > kMaxJsonText)
      return Stop(
          absl::InvalidArgumentError(absl::StrCat(Place(), " has a name of over ", kMaxJsonText, " bytes")));
    if (depth_ == 1) {
      top_ = value;
      if (top_ == list_ && ++named_ > 1)
        return Stop(absl::InvalidArgumentError(absl::StrCat("the file has the list ", list_, " twice")));
      return true;
    }
    if (stack_.empty()) return true;
    auto& names = stack_.back()->names;
    if (names.size() >= kMaxJsonMembers)
      return Stop(absl::InvalidArgumentError(
          absl::StrCat(Place(), " has an object of over ", kMaxJsonMembers, " names")));
    if (std::find(names.begin(), names.end(), value) != names.end())
      return Stop(absl::InvalidArgumentError(
          absl::StrCat(Place(), " names ", Shortly(value), " twice in one object")));
    if (!Grow(value.size())) return false;
    names.push_back(value);
    return true;
  }
  bool end_object() { return Close(); }
  bool start_array(std::size_t) {
    if (depth_ == 1 && top_ == list_) in_list_ = found_ = true;
    return Open(JsonValue::Kind::kList);
  }
  bool end_array() { return Close(); }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) {
    syntax_at_ = position;
    return false;
  }

 private:
  static std::string Shortly(const std::string& name) { return Escaped(ClipToWidth(name, 60)); }

  bool Stop(Status why) {
    status_ = std::move(why);
    return false;
  }
  // As a JSON pointer. What stands outside the list has that of the whole text.
  std::string Place() const { return in_list_ ? absl::StrCat("/", list_, "/", count_) : "/"; }

  bool Grow(std::size_t bytes) {
    bytes_ += bytes;
    if (++values_ > kMaxJsonValues)
      return Stop(absl::InvalidArgumentError(absl::StrCat(Place(), " has over ", kMaxJsonValues, " values")));
    if (bytes_ > kMaxJsonItem)
      return Stop(absl::InvalidArgumentError(absl::StrCat(Place(), " has over ", kMaxJsonItem, " bytes")));
    return true;
  }

  // Where the next value goes; null outside the list's items.
  JsonValue* Next() {
    if (!stack_.empty()) {
      JsonValue& in = *stack_.back();
      return in.is(JsonValue::Kind::kObject) ? &in.values.emplace_back() : &in.items.emplace_back();
    }
    if (!in_list_ || depth_ != 2) return nullptr;
    item_ = JsonValue();
    return &item_;
  }

  bool Value(JsonValue::Kind kind, std::string text) {
    if (depth_ == 0) return Stop(absl::InvalidArgumentError("the file is no JSON object"));
    JsonValue* const next = Next();
    if (next == nullptr) return true;
    if (!Grow(text.size())) return false;
    next->kind = kind;
    next->text = std::move(text);
    return !stack_.empty() || Done();
  }

  bool Open(JsonValue::Kind kind) {
    if (depth_ == 0 && kind != JsonValue::Kind::kObject)
      return Stop(absl::InvalidArgumentError("the file is no JSON object"));
    if (depth_ >= kMaxJsonDepth)
      return Stop(absl::InvalidArgumentError(absl::StrCat(Place(), " has over ", kMaxJsonDepth, " levels")));
    JsonValue* const next = Next();
    ++depth_;
    if (next == nullptr) return true;
    if (!Grow(0)) return false;
    next->kind = kind;
    stack_.push_back(next);
    return true;
  }

  bool Close() {
    --depth_;
    if (depth_ == 1) in_list_ = false;
    if (stack_.empty()) return true;
    stack_.pop_back();
    return !stack_.empty() || Done();
  }

  // The item is whole.
  bool Done() {
    status_ = take_(Place(), item_);
    item_ = JsonValue();
    values_ = bytes_ = 0;
    ++count_;
    return status_.ok();
  }

  const std::string list_;
  const TakeItem& take_;
  Status status_;
  std::optional<std::size_t> syntax_at_;
  std::string top_;  // the name in the outermost object that is being read
  std::size_t depth_ = 0, values_ = 0, bytes_ = 0;
  std::uint64_t count_ = 0;
  int named_ = 0;  // how often the outermost object has the list's name
  bool in_list_ = false, found_ = false;
  JsonValue item_;
  // The objects and lists that are open, the item's own first. A parent is not touched while a value below it is: so its place
  // in memory stays.
  std::vector<JsonValue*> stack_;
};

}  // namespace

const JsonValue& JsonValue::operator[](std::string_view name) const {
  static const JsonValue kNone;
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? kNone : values[static_cast<std::size_t>(found - names.begin())];
}

std::string_view JsonValue::words() const {
  return is(Kind::kText) || is(Kind::kNumber) ? std::string_view(text) : std::string_view();
}

StatusOr<bool> EachJsonItem(std::string_view text, std::string_view list, const TakeItem& take) {
  ItemReader reader(list, take);
  static_cast<void>(nlohmann::json::sax_parse(text.begin(), text.end(), &reader));
  if (reader.syntax_at().has_value()) {
    const std::string_view before = text.substr(0, std::min(text.size(), *reader.syntax_at()));
    return absl::InvalidArgumentError(absl::StrCat("line ",
                                                   1 + std::count(before.begin(), before.end(), '\n'),
                                                   ": this is no JSON, or the file is cut off"));
  }
  FT_RETURN_IF_ERROR(reader.status());
  return reader.found();
}

}  // namespace fundtrail::sheets
