// See keeper.h.
#include "ledger/replica/keeper.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/folder/cosigned.h"
#include "ledger/folder/known_line.h"
#include "ledger/log/head.h"
#include "ledger/tree/note.h"

namespace fundtrail::replica {

namespace {

constexpr std::chrono::milliseconds kRound{500};

}  // namespace

StatusOr<std::unique_ptr<Keeper>> Keeper::Open(const std::string& dir, OpenLog open_log,
                                               const folder::WrapStore& wrap, Tell tell) {
  FT_ASSIGN_OR_RETURN(auto written, folder::OpenWritten(dir, wrap));
  FT_ASSIGN_OR_RETURN(const std::string vkey, folder::ReadVkey(dir));
  FT_ASSIGN_OR_RETURN(const auto verifier, tree::ParseVkey(vkey));
  FT_RETURN_IF_ERROR(log::LoadHead(*written.rows, verifier.key).status());
  return std::unique_ptr<Keeper>(new Keeper(std::move(written), std::move(open_log), std::move(tell)));
}

Keeper::~Keeper() {
  Stop();
  Leave();
}

void Keeper::Start(MemberSettings settings) {
  member_ = std::make_unique<Member>(folder_.rows.get(), std::move(settings), Hooks());
  if (tell_.note) tell_.note("role=standby");
  thread_ = std::thread([this] { Run(); });
}

void Keeper::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Keeper::Leave() {
  if (member_ != nullptr) member_->Leave();
}

void Keeper::Run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    lock.unlock();
    const Role role = member_->Round();
    if (role == Role::kActive && active_ == nullptr) {
      active_ = member_->ledger();
      if (tell_.note) tell_.note(absl::StrCat("role=active epoch=", member_->figures().epoch));
      if (tell_.grown) tell_.grown();
      if (tell_.active) tell_.active(member_->ledger());
    }
    if (role == Role::kLeft) {
      if (tell_.left) tell_.left(member_->why_left());
      return;
    }
    lock.lock();
    wake_.wait_for(lock, kRound, [this] { return stopped_; });
  }
}

MemberHooks Keeper::Hooks() {
  MemberHooks hooks;
  hooks.open_log = open_log_;
  hooks.sign = folder::SignerOf(folder_.dir);
  hooks.keys = [this] { return folder::KeysIn(folder_.dir); };
  hooks.open_ledger = [this] { return OpenLedger(); };
  hooks.known_line = [this] { return folder::ReadKnownLine(folder_.dir); };
  hooks.keep_line = [this](const auto& known) { return folder::WriteKnownLine(folder_.dir, known); };
  hooks.followed = [this] { Followed(); };
  hooks.trouble = [this](const Status& why) { Trouble(why); };
  return hooks;
}

StatusOr<std::unique_ptr<log::Ledger>> Keeper::OpenLedger() {
  FT_ASSIGN_OR_RETURN(auto ledger,
                      folder::LedgerOn(folder_, [this](const auto& key) { return MayRotateTo(key); }));
  FT_ASSIGN_OR_RETURN(const auto cosigned, folder::ReadCosigned(folder_.dir));
  if (cosigned.has_value())
    FT_RETURN_IF_ERROR(
        Annotate(folder::CheckCosigned(*cosigned, ledger->name(), ledger->store(), ledger->size()).status(),
                 "the log"));
  return ledger;
}

void Keeper::Followed() {
  if (const Status keys = folder::FollowRotation(folder_); !keys.ok() && tell_.warn)
    tell_.warn(std::string(keys.message()));
  if (tell_.grown) tell_.grown();
}

void Keeper::Trouble(const Status& why) {
  if (!why.ok() && tell_.warn) tell_.warn(absl::StrCat("the log: ", why.message()));
  if (why.ok() && in_trouble_ && tell_.note) tell_.note("the log is well again");
  in_trouble_ = !why.ok();
}

MemberFigures Keeper::figures() const {
  if (member_ != nullptr) return member_->figures();
  MemberFigures figures;
  figures.is_member = true;
  return figures;
}

Status Keeper::MayRotateTo(const crypto::PublicKey& key) const {
  if (member_ != nullptr) return member_->MayRotateTo(key);
  return absl::UnavailableError("it is not known who else serves the ledger");
}

}  // namespace fundtrail::replica
