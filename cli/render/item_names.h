// The names of funds, projects and other items, which an answer says once, whatever it shows the ids of.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "cli/render/style.h"
#include "fundtrail/v1/names.pb.h"

namespace fundtrail::render {

using NameTable = google::protobuf::RepeatedPtrField<v1::ItemName>;

// "fund winter: Winter relief": a line for each, below an answer. Nothing of what is called as its id is.
Shown NamesText(const NameTable& names, const Style& style);

// What a table for a spreadsheet looks names up in. An answer in pages adds those of each page.
class ItemNames {
 public:
  ItemNames() = default;
  explicit ItemNames(const NameTable& names) { Add(names); }
  void Add(const NameTable& names);
  // Empty where the answer says no name.
  const std::string& Of(std::string_view of_register, const std::string& id) const;
  const std::string& Fund(const std::string& id) const { return Of("fund", id); }
  const std::string& Project(const std::string& id) const { return Of("project", id); }

 private:
  std::map<std::pair<std::string, std::string>, std::string> names_;  // by register and id
  std::string none_;
};

}  // namespace fundtrail::render
