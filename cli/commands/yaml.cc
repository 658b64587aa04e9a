// See yaml.h. The events of libyaml, written as JSON on the way: no tree is built.
#include "cli/commands/yaml.h"

#include <yaml.h>

#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

constexpr std::size_t kMaxYamlDepth = 32;  // an entry needs six

std::string Quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Owns what libyaml allocates.
struct Parser {
  Parser() { ready = yaml_parser_initialize(&raw) != 0; }
  ~Parser() { yaml_parser_delete(&raw); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  yaml_parser_t raw{};
  bool ready = false;
};
struct Event {
  Event() = default;
  ~Event() { yaml_event_delete(&raw); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  yaml_event_t raw{};
};

Status At(const yaml_mark_t& mark, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", mark.line + 1, ": ", what));
}

class Writer {
 public:
  Status Take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return ++documents_ == 1 ? absl::OkStatus()
                                 : At(event.start_mark, "one entry a file: a second one begins");
      case YAML_ALIAS_EVENT:
        return At(event.start_mark, "aliases (*) are not read: write it out");
      case YAML_SCALAR_EVENT:
        FT_RETURN_IF_ERROR(Plainly(event, event.data.scalar.anchor, event.data.scalar.tag));
        return Scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        FT_RETURN_IF_ERROR(Plainly(event, event.data.sequence_start.anchor, event.data.sequence_start.tag));
        return Open(event, false);
      case YAML_MAPPING_START_EVENT:
        FT_RETURN_IF_ERROR(Plainly(event, event.data.mapping_start.anchor, event.data.mapping_start.tag));
        return Open(event, true);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        json_ += levels_.back().mapping ? '}' : ']';
        levels_.pop_back();
        return absl::OkStatus();
      default:
        return absl::OkStatus();
    }
  }
  std::string TakeJson() { return std::move(json_); }

 private:
  struct Level {
    bool mapping = false;
    bool key_next = false;  // in a mapping: what comes is a key
    bool first = true;
    std::set<std::string> keys;
  };

  static Status Plainly(const yaml_event_t& event, const yaml_char_t* anchor, const yaml_char_t* tag) {
    if (anchor != nullptr) return At(event.start_mark, "anchors (&) are not read");
    if (tag != nullptr) return At(event.start_mark, "tags (!) are not read");
    return absl::OkStatus();
  }

  bool IsKey() const { return !levels_.empty() && levels_.back().mapping && levels_.back().key_next; }

  // What stands between this and what came before.
  void Separate() {
    if (levels_.empty()) return;
    Level& level = levels_.back();
    if (level.mapping && !level.key_next) {
      level.key_next = true;  // after this value
      return;
    }
    if (!level.first) json_ += ',';
    level.first = false;
  }

  Status Scalar(const yaml_event_t& event) {
    const auto& scalar = event.data.scalar;
    const std::string text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    const bool is_key = IsKey();
    Separate();
    if (is_key) {
      if (!levels_.back().keys.insert(text).second)
        return At(event.start_mark, absl::StrCat("\"", Escaped(text), "\" is there twice"));
      levels_.back().key_next = false;
      json_ += Quoted(text) + ":";
      return absl::OkStatus();
    }
    const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (plain && (text == "true" || text == "false" || text == "null")) {
      json_ += text;
    } else {
      json_ += plain && (text.empty() || text == "~") ? "null" : Quoted(text);
    }
    return absl::OkStatus();
  }

  Status Open(const yaml_event_t& event, bool mapping) {
    if (IsKey()) return At(event.start_mark, "a key must be a word");
    if (levels_.size() >= kMaxYamlDepth) return At(event.start_mark, "is nested too deeply");
    Separate();
    Level level;
    level.mapping = level.key_next = mapping;
    levels_.push_back(std::move(level));
    json_ += mapping ? '{' : '[';
    return absl::OkStatus();
  }

  std::vector<Level> levels_;
  std::string json_;
  int documents_ = 0;
};

}  // namespace

StatusOr<std::string> YamlToJson(const std::string& text) {
  Parser parser;
  if (!parser.ready) return absl::ResourceExhaustedError("there is no memory to read YAML");
  yaml_parser_set_input_string(&parser.raw, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  Writer writer;
  while (true) {
    Event event;
    if (yaml_parser_parse(&parser.raw, &event.raw) == 0) {
      const char* problem = parser.raw.problem;
      return At(parser.raw.problem_mark, problem == nullptr ? "cannot be read" : problem);
    }
    if (event.raw.type == YAML_STREAM_END_EVENT) return writer.TakeJson();
    FT_RETURN_IF_ERROR(writer.Take(event.raw));
  }
}

}  // namespace fundtrail::cli
