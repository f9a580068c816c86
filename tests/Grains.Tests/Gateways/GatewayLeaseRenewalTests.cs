using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Sessions;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Gateways;

/// <summary>
/// Tests the renewal in real time. On a slow machine any gateway may count as silent for a moment, so the tests check only the one that
/// is; <see cref="GatewayLeasesTests"/> checks with a manual clock that the others are not affected.
/// </summary>
public sealed class GatewayLeaseRenewalTests() : ChannelFixture(
    ("Hype:GatewayLease:LostAfter", "00:00:02"), ("Hype:Channels:ResumeWindow", "00:00:30"))
{
    [Test]
    public async Task Members_of_a_silent_gateway_are_away_and_return_when_it_answers_again()
    {
        var other = new RecordingGateway("g2");
        var ada = await Join("ada");
        await Silo.Join(Id.Value, "bob", other);
        Gateway.Answers = false;
        await other.Receives<RosterChanged>(change => change.Changed.Any(member => member.Session == ada.Session && member.Away));

        Gateway.Answers = true;
        await Gateway.Receives<RecordingGateway.LostLease>();
        await Channel.Attach(GatewayRef, [ada.Session]);
        Assert.That((await Channel.GetSnapshot()).Participants[0].Away, Is.False);
    }

    [Test]
    public async Task Signals_to_a_member_of_a_silent_gateway_wait_for_its_next_gateway()
    {
        var other = new RecordingGateway("g2");
        var ada = await Join("ada");
        await Silo.Join(Id.Value, "bob", other);
        Gateway.Answers = false;
        await other.Receives<RosterChanged>(change => change.Changed.Any(member => member.Session == ada.Session && member.Away));
        var signal = new PeerSignal(new MemberNumber(2), new LayoutEpoch(1), "offer");
        var mailbox = Silo.Grains.GetGrain<ISessionMailboxGrain>(ada.Session.Value);
        Assert.That(await mailbox.Signal(Id, signal), Is.EqualTo(VoiceError.None));
        Assert.That(other.Signals, Is.Empty);

        await Channel.Resume(new ResumeRequest(ada.ResumeToken, other.In(Silo.Grains)));
        await other.Receives<(SessionId To, PeerSignal Signal)>(received => received == (ada.Session, signal));
        Assert.That(Gateway.Signals, Is.Empty);
    }

    [Test]
    public async Task Seat_in_a_channel_that_its_gateway_does_not_know_is_away()
    {
        var other = new RecordingGateway("g2");
        var ada = await Join("ada");
        await Silo.Join(Id.Value, "bob", other);
        Gateway.Unknown.Add(Id);
        await other.Receives<RosterChanged>(change => change.Changed.Any(member => member.Session == ada.Session && member.Away));
        Assert.That((await Channel.GetSnapshot()).Participants[0].Away, Is.True);
    }
}
