// What a page is about, as search engines read it: JSON-LD with the words of schema.org.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fundtrail::pages {

// One thing: its fields stand in the order in which they were set. Texts may be any bytes: what could end a script or a string is escaped.
class LinkedThing {
 public:
  explicit LinkedThing(std::string_view type) { Set("@type", type); }
  LinkedThing& Set(std::string_view field, std::string_view text);
  LinkedThing& Set(std::string_view field, const LinkedThing& thing);
  LinkedThing& Set(std::string_view field, const std::vector<LinkedThing>& things);
  LinkedThing& Set(std::string_view field, const std::vector<std::string>& texts);
  // "{…}".
  std::string Json() const { return "{" + fields_ + "}"; }

 private:
  LinkedThing& Put(std::string_view field, const std::string& json);
  std::string fields_;
};

}  // namespace fundtrail::pages
