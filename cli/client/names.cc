// See names.h.
#include "cli/client/names.h"

#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/client/questions.h"
#include "cli/render/messages.h"
#include "ledger/base/names.h"
#include "ledger/base/text.h"

namespace fundtrail::cli {
namespace {

// A page of parties is read and forgotten but for their names.
StatusOr<NameBook> NamesOf(Connection* connection) {
  v1::RegistersRequest request;
  request.set_register_("party");
  request.set_limit(NameBook::kMost);
  NameBook names;
  const std::function<Status(const v1::RegistersAnswer&)> take = [&](const v1::RegistersAnswer& page) {
    for (const auto& line : page.lines())
      names.Add(line.action().register_party().id(), line.action().register_party().name());
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(PagesOfRegisters(connection, request, take));
  return names;
}

// Tells of what is to be told of the parties that the entry registers.
std::vector<std::string> JudgeParties(Connection* connection, const v1::Entry& entry) {
  std::vector<std::pair<std::string, std::string>> parties;
  for (const auto& action : entry.actions()) {
    if (action.has_register_party())
      parties.emplace_back(action.register_party().id(), action.register_party().name());
  }
  if (parties.empty()) return {};
  const auto names = NamesOf(connection);
  if (!names.ok())
    return {absl::StrCat("the names of the ledger's parties could not be read, and were not compared: ",
                         std::string(names.status().message()))};
  std::vector<std::string> told = names->Judge(parties);
  if (names->full())
    told.push_back(absl::StrCat("compared with the names of ", NameBook::kMost, " parties, and not of all"));
  return told;
}

// The codes of the assets that the ledger has.
StatusOr<std::vector<std::string>> CodesOf(Connection* connection) {
  v1::RegistersRequest request;
  request.set_register_("asset");
  request.set_limit(NameBook::kMost);
  std::vector<std::string> codes;
  const std::function<Status(const v1::RegistersAnswer&)> take = [&](const v1::RegistersAnswer& page) {
    for (const auto& line : page.lines()) codes.push_back(line.action().declare_asset().code());
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(PagesOfRegisters(connection, request, take));
  return codes;
}

// Codes that differ in capital letters alone: money in both adds up nowhere. An amendment is of the asset that there is.
std::vector<std::string> JudgeAssets(Connection* connection, const v1::Entry& entry) {
  std::vector<std::string> declared;
  for (const auto& action : entry.actions())
    if (action.has_declare_asset() && !action.has_amends()) declared.push_back(action.declare_asset().code());
  if (declared.empty()) return {};
  const auto codes = CodesOf(connection);
  if (!codes.ok())
    return {absl::StrCat("the codes of the ledger's assets could not be read, and were not compared: ",
                         std::string(codes.status().message()))};
  std::vector<std::string> told;
  for (const std::string& code : declared) {
    for (const std::string& known : *codes) {
      if (known == code || !absl::EqualsIgnoreCase(known, code)) continue;
      told.push_back(absl::StrCat("the asset ", Escaped(code), " differs from the ledger's asset ",
                                  Escaped(known),
                                  " in capital letters alone; amounts of the two are never added up"));
    }
  }
  return told;
}

}  // namespace

void Warn(render::Language language, const std::string& words) {
  std::fputs(render::Say("fundtrail: warning: {}\n", render::Told(words)).In(language).c_str(), stderr);
}

std::vector<std::string> TellOfNames(Connection* connection, const v1::Entry& entry) {
  std::vector<std::string> told = JudgeParties(connection, entry);
  for (std::string& words : JudgeAssets(connection, entry)) told.push_back(std::move(words));
  for (const std::string& words : told) Warn(connection->language(), words);
  return told;
}

}  // namespace fundtrail::cli
