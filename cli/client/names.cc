// See names.h.
#include "cli/client/names.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "cli/client/questions.h"
#include "cli/render/messages.h"
#include "ledger/base/names.h"

namespace fundtrail::cli {
namespace {

// A page of parties is read and forgotten but for their names.
StatusOr<NameBook> NamesOf(Connection* connection) {
  v1::RegistersRequest request;
  request.set_register_("party");
  request.set_limit(NameBook::kMost);
  NameBook names;
  const std::function<Status(v1::RegistersAnswer)> take = [&](const v1::RegistersAnswer& page) {
    for (const auto& line : page.lines())
      names.Add(line.action().register_party().id(), line.action().register_party().name());
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(PagesOfRegisters(connection, request, take));
  return names;
}

}  // namespace

void Warn(render::Language language, const std::string& words) {
  std::fputs(render::Say("fundtrail: warning: {}\n", render::Told(words)).In(language).c_str(), stderr);
}

std::vector<std::string> TellOfNames(Connection* connection, const v1::Entry& entry) {
  std::vector<std::pair<std::string, std::string>> parties;
  for (const auto& action : entry.actions()) {
    if (action.has_register_party())
      parties.emplace_back(action.register_party().id(), action.register_party().name());
  }
  if (parties.empty()) return {};
  std::vector<std::string> told;
  const auto names = NamesOf(connection);
  if (names.ok()) {
    told = names->Judge(parties);
    if (names->full())
      told.push_back(
          absl::StrCat("compared with the names of ", NameBook::kMost, " parties, and not of all"));
  } else {
    told.push_back(
        absl::StrCat("the names of the ledger's parties could not be read, and were not compared: ",
                     std::string(names.status().message())));
  }
  for (const std::string& words : told) Warn(connection->language(), words);
  return told;
}

}  // namespace fundtrail::cli
