// Reads markup as strictly as XML is read, but of it only what pictures have: so a text that became markup is seen.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fundtrail::testing {

struct Tag {
  std::string name;
  std::map<std::string, std::string> attributes;  // as they stand: with their entities
  std::string text;                               // right inside it, as it stands
  std::vector<std::string> inside;                // the elements that it is in
  bool In(const std::string& element) const {
    return std::find(inside.begin(), inside.end(), element) != inside.end();
  }
};

// Whether each & begins one of the five entities.
inline bool HasGoodEntities(std::string_view text) {
  for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    bool good = false;
    for (const std::string_view entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"})
      good = good || text.substr(at, entity.size()) == entity;
    if (!good) return false;
  }
  return true;
}

// The elements in order; nothing when it is not well formed, or has anything but elements, attributes and texts.
inline std::optional<std::vector<Tag>> ReadMarkup(std::string_view text) {
  std::vector<Tag> tags;
  std::vector<std::size_t> open;
  const std::string_view name_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:";
  std::size_t at = 0;
  const auto name = [&]() {
    const std::size_t begin = at;
    at = std::min(text.find_first_not_of(name_letters, at), text.size());
    return std::string(text.substr(begin, at - begin));
  };
  while (at < text.size()) {
    if (text[at] != '<') {
      const std::size_t end = std::min(text.find('<', at), text.size());
      const std::string_view content = text.substr(at, end - at);
      at = end;
      const bool blank = content.find_first_not_of('\n') == std::string_view::npos;
      if (!HasGoodEntities(content) || content.find_first_of(">\"'") != std::string_view::npos)
        return std::nullopt;
      if (blank) continue;
      if (open.empty()) return std::nullopt;
      tags[open.back()].text += std::string(content);
      continue;
    }
    ++at;
    if (at < text.size() && text[at] == '/') {
      ++at;
      const std::string closed = name();
      if (open.empty() || tags[open.back()].name != closed || at >= text.size() || text[at] != '>')
        return std::nullopt;
      ++at;
      open.pop_back();
      continue;
    }
    Tag tag;
    tag.name = name();
    if (tag.name.empty() || (open.empty() && !tags.empty())) return std::nullopt;
    for (const std::size_t outer : open) tag.inside.push_back(tags[outer].name);
    while (at < text.size() && text[at] == ' ') {
      ++at;
      const std::string attribute = name();
      if (attribute.empty() || text.substr(at, 2) != "=\"") return std::nullopt;
      const std::size_t begin = at + 2, end = text.find('"', begin);
      if (end == std::string_view::npos) return std::nullopt;
      const std::string_view value = text.substr(begin, end - begin);
      if (!HasGoodEntities(value) || value.find_first_of("<>'\n") != std::string_view::npos)
        return std::nullopt;
      if (!tag.attributes.emplace(attribute, std::string(value)).second) return std::nullopt;
      at = end + 1;
    }
    const bool empty = text.substr(at, 2) == "/>";
    if (!empty && text.substr(at, 1) != ">") return std::nullopt;
    at += empty ? 2 : 1;
    tags.push_back(tag);
    if (!empty) open.push_back(tags.size() - 1);
  }
  if (!open.empty() || tags.empty()) return std::nullopt;
  return tags;
}

// The numbers in "M16,38.5L0,1", in order.
inline std::vector<double> NumbersIn(const std::string& text) {
  std::vector<double> numbers;
  const char* at = text.c_str();
  while (*at != 0) {
    char* end = nullptr;
    const double number = std::strtod(at, &end);
    if (end == at) {
      ++at;
    } else {
      numbers.push_back(number);
      at = end;
    }
  }
  return numbers;
}

// What of an SVG breaks the rules for pictures: empty when nothing does. Elements and attributes are those of a list, and the
// drawing stays in its box. There are a title, a description, a width, a height and a viewBox.
inline std::string BrokenRule(const std::string& svg) {
  const auto read = ReadMarkup(svg);
  if (!read.has_value()) return "it is not well formed";
  const std::vector<Tag>& tags = *read;
  const Tag& root = tags.front();
  if (root.name != "svg") return "it is no svg";
  for (const char* attribute : {"xmlns", "width", "height", "viewBox", "role"})
    if (root.attributes.count(attribute) == 0) return std::string("it has no ") + attribute;
  const double width = std::atof(root.attributes.at("width").c_str());
  const double height = std::atof(root.attributes.at("height").c_str());
  if (NumbersIn(root.attributes.at("viewBox")) != std::vector<double>{0, 0, width, height})
    return "the viewBox is another";
  if (tags.size() < 3 || tags[1].name != "title" || tags[1].text.empty() || tags[2].name != "desc" ||
      tags[2].text.empty())
    return "it does not begin with a title and a description";
  const auto is_in = [](const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  const std::vector<std::string> elements{"svg",  "title", "desc", "defs", "pattern",
                                          "rect", "path",  "g",    "text"};
  const std::vector<std::string> attributes{"xmlns",
                                            "width",
                                            "height",
                                            "viewBox",
                                            "role",
                                            "font-family",
                                            "font-size",
                                            "font-weight",
                                            "id",
                                            "patternUnits",
                                            "x",
                                            "y",
                                            "d",
                                            "fill",
                                            "fill-opacity",
                                            "stroke",
                                            "stroke-width",
                                            "stroke-opacity",
                                            "stroke-dasharray",
                                            "text-anchor",
                                            "data-hop",
                                            "data-from",
                                            "data-to",
                                            "data-place"};
  for (const Tag& tag : tags) {
    if (!is_in(elements, tag.name)) return "it has an element " + tag.name;
    for (const auto& [name, value] : tag.attributes)
      if (!is_in(attributes, name)) return "it has an attribute " + name;
    if (tag.In("defs")) continue;
    const auto number = [&](const char* name) {
      const auto found = tag.attributes.find(name);
      return found == tag.attributes.end() ? 0.0 : std::atof(found->second.c_str());
    };
    const double x = number("x"), y = number("y");
    if (x < 0 || y < 0 || x + number("width") > width || y + number("height") > height)
      return "something is outside the box: " + tag.name + " " + tag.text;
    if (tag.name != "path") continue;
    const std::vector<double> numbers = NumbersIn(tag.attributes.at("d"));
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (numbers[i] < 0 || numbers[i] > (i % 2 == 0 ? width : height)) return "a path leaves the box";
  }
  return "";
}

}  // namespace fundtrail::testing
