using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Sessions;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Sessions;

public sealed class SessionCheckTests() : ChannelFixture(("Hype:Participants:SessionCheck", "00:00:00.1"))
{
    [Test]
    public async Task Mailbox_of_an_ended_session_ends_at_its_next_check()
    {
        var ada = await Join("ada");
        var ended = SessionId.New();
        await Mailbox(ended).Attach(Id, new MemberNumber(9), GatewayRef, new(1, 1));
        while (await Mailbox(ended).Signal(Id, Signal) != VoiceError.UnknownParticipant)
            await Task.Yield();

        Assert.That(await Mailbox(ada.Session).Signal(Id, Signal), Is.EqualTo(VoiceError.None));
    }

    private static PeerSignal Signal => new(new MemberNumber(2), new LayoutEpoch(1), "offer");

    private ISessionMailboxGrain Mailbox(SessionId session) => Silo.Grains.GetGrain<ISessionMailboxGrain>(session.Value);
}
