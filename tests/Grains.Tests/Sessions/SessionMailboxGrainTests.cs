using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Sessions;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Sessions;

public sealed class SessionMailboxGrainTests() : ChannelFixture(("Hype:Participants:MaxPendingSignals", "8"))
{
    private static readonly MemberNumber Number = new(1);

    private SessionId _session;
    private ReportNumber _report;

    private ISessionMailboxGrain Mailbox => Silo.Grains.GetGrain<ISessionMailboxGrain>(_session.Value);

    [SetUp]
    public void CreateSession() => _session = SessionId.New();

    [Test]
    public async Task Signal_is_sent_to_the_gateway_of_the_session()
    {
        await AttachAsync(GatewayRef);
        Assert.That(await Mailbox.Signal(Id, Signal("offer")), Is.EqualTo(VoiceError.None));
        Assert.That(await ReceivedBy(Gateway), Is.EqualTo((_session, Signal("offer"))));
    }

    [Test]
    public async Task Signals_for_an_away_session_are_queued_in_order_up_to_the_share_of_their_sender()
    {
        await AttachAsync(GatewayRef);
        await Mailbox.Detach("g1", _report = _report.Next());
        Assert.That(await Mailbox.Signal(Id, Signal("first")), Is.EqualTo(VoiceError.None));
        Assert.That(await Mailbox.Signal(Id, Signal("second")), Is.EqualTo(VoiceError.None));
        Assert.That(await Mailbox.Signal(Id, Signal("third")), Is.EqualTo(VoiceError.TooManyRequests));

        var next = new RecordingGateway("g2");
        await AttachAsync(next.In(Silo.Grains));
        await next.Receives<(SessionId To, PeerSignal Signal)>(received => received.Signal == Signal("second"));
        await Mailbox.Signal(Id, Signal("fourth"));
        await next.Receives<(SessionId To, PeerSignal Signal)>(received => received.Signal == Signal("fourth"));
        Assert.That(next.Signals, Is.EqualTo(new[] { Signal("first"), Signal("second"), Signal("fourth") }));
        Assert.That(Gateway.Signals, Is.Empty);
    }

    [Test]
    public async Task Signals_that_the_gateway_does_not_acknowledge_are_sent_again()
    {
        await AttachAsync(GatewayRef);
        Gateway.Answers = false;
        Assert.That(await Mailbox.Signal(Id, Signal("first")), Is.EqualTo(VoiceError.None));
        Gateway.Answers = true;
        await Mailbox.Signal(Id, Signal("second"));
        await Gateway.Receives<(SessionId To, PeerSignal Signal)>(received => received.Signal == Signal("second"));
        Assert.That(Gateway.Signals, Is.EqualTo(new[] { Signal("first"), Signal("second") }));
    }

    [Test]
    public async Task Signals_to_a_gateway_that_no_longer_answers_are_delivered_by_the_next_gateway()
    {
        await AttachAsync(GatewayRef);
        Gateway.Answers = false;
        await Mailbox.Signal(Id, Signal("offer"));
        var next = new RecordingGateway("g2");
        await AttachAsync(next.In(Silo.Grains));
        Assert.That(await ReceivedBy(next), Is.EqualTo((_session, Signal("offer"))));
    }

    [Test]
    public async Task Signals_for_a_session_that_left_its_gateway_wait_for_the_next_attach()
    {
        await AttachAsync(GatewayRef);
        Gateway.Unknown.Add(Id);
        await Mailbox.Signal(Id, Signal("offer"));
        var next = new RecordingGateway("g2");
        await AttachAsync(next.In(Silo.Grains));
        Assert.That(await ReceivedBy(next), Is.EqualTo((_session, Signal("offer"))));
        Assert.That(Gateway.Signals, Is.Empty);
    }

    [Test]
    public async Task Late_detach_by_an_earlier_gateway_is_ignored()
    {
        var earlier = new RecordingGateway("g0");
        await AttachAsync(earlier.In(Silo.Grains));
        await AttachAsync(GatewayRef);
        await Mailbox.Detach("g0", _report = _report.Next());
        await Mailbox.Signal(Id, Signal("offer"));
        Assert.That(await ReceivedBy(Gateway), Is.EqualTo((_session, Signal("offer"))));
        Assert.That(earlier.Signals, Is.Empty);
    }

    [Test]
    public async Task Attach_and_detach_that_the_channel_made_before_the_newest_attach_are_ignored()
    {
        var earlier = new RecordingGateway("g0");
        await Mailbox.Attach(Id, Number, GatewayRef, new(2, 3));
        await Mailbox.Attach(Id, Number, earlier.In(Silo.Grains), new(2, 1));
        await Mailbox.Detach("g1", new(2, 2));
        await Mailbox.Attach(Id, Number, earlier.In(Silo.Grains), new(1, 4));
        await Mailbox.Signal(Id, Signal("offer"));
        Assert.That(await ReceivedBy(Gateway), Is.EqualTo((_session, Signal("offer"))));
        Assert.That(earlier.Signals, Is.Empty);
    }

    [Test]
    public async Task Signal_from_another_channel_or_to_an_unknown_session_is_refused()
    {
        Assert.That(await Mailbox.Signal(Id, Signal("offer")), Is.EqualTo(VoiceError.UnknownParticipant));
        await AttachAsync(GatewayRef);
        Assert.That(await Mailbox.Signal(ChannelId.Parse("other"), Signal("offer")), Is.EqualTo(VoiceError.UnknownParticipant));
        Assert.That(Gateway.Signals, Is.Empty);
    }

    [Test]
    public async Task Signal_after_the_end_of_the_session_is_refused()
    {
        await AttachAsync(GatewayRef);
        await Mailbox.End();
        Assert.That(await Mailbox.Signal(Id, Signal("offer")), Is.EqualTo(VoiceError.UnknownParticipant));
    }

    [Test]
    public async Task Only_a_changed_quality_level_is_reported_to_the_channel()
    {
        var ada = await Join("ada");
        _session = ada.Session;
        await Mailbox.ReportQuality(new QualityReport(RoundTripMs: 400, LossPercent: 0, JitterMs: 0));
        Assert.That(await QualityAsync(), Is.EqualTo(ConnectionQuality.Poor));

        await Channel.SetQuality(_session, ConnectionQuality.Good);
        await Mailbox.ReportQuality(new QualityReport(RoundTripMs: 500, LossPercent: 0, JitterMs: 0));
        Assert.That(await QualityAsync(), Is.EqualTo(ConnectionQuality.Good), "the level of the mailbox did not change");
        await Mailbox.ReportQuality(new QualityReport(RoundTripMs: 0, LossPercent: 0, JitterMs: 0));
        Assert.That(await QualityAsync(), Is.EqualTo(ConnectionQuality.Excellent));
    }

    private Task AttachAsync(GatewayRef gateway) => Mailbox.Attach(Id, Number, gateway, _report = _report.Next());

    private async Task<ConnectionQuality> QualityAsync() => (await Channel.GetSnapshot()).Participants.Single().Quality;

    private static Task<(SessionId To, PeerSignal Signal)> ReceivedBy(RecordingGateway gateway) =>
        gateway.Receives<(SessionId To, PeerSignal Signal)>();

    private static PeerSignal Signal(string payload) => new(new MemberNumber(2), new LayoutEpoch(1), payload);
}
