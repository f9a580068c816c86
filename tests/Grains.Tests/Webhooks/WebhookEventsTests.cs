using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Webhooks;

namespace Hype.Grains.Tests.Webhooks;

/// <summary>Tests the JSON of each kind of webhook event (docs/webhooks.md).</summary>
public sealed class WebhookEventsTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 27, 2, 13, 10, TimeSpan.Zero);

    private static readonly Participant Ada = new()
    {
        Session = new SessionId(Guid.Empty),
        Number = new MemberNumber(3),
        Identity = "ada",
        Name = "Ada",
        Grants = Grants.Join | Grants.Speak,
        Muted = true,
        Attributes = ImmutableSortedDictionary<string, string>.Empty.Add("team", "red"),
    };

    private static readonly Layout Forwarded = new(new LayoutEpoch(7), ChannelMode.Sfu, ModeReason.AboveThreshold, At);
    private static readonly RoomAssignment Room = new(
        new RegionId("eu-west"), new MediaNodeId("node-1"), new RoomEpoch(8), new LayoutEpoch(7));

    private static readonly TestCaseData[] Events =
    [
        new TestCaseData(new MemberJoined(Ada), "joined",
            """
            "participant":{"number":3,"identity":"ada","name":"Ada","muted":true,"deafened":false,"serverMuted":false,"away":false,
            """
            + """
            "attributes":{"team":"red"}}
            """).SetArgDisplayNames("joined"),
        new TestCaseData(new MemberChanged(Ada with { Attributes = ImmutableSortedDictionary<string, string>.Empty }), "changed",
            """
            "participant":{"number":3,"identity":"ada","name":"Ada","muted":true,"deafened":false,"serverMuted":false,"away":false,
            """
            + """
            "attributes":{}}
            """).SetArgDisplayNames("changed"),
        new TestCaseData(new MemberLeft(Ada.Number, "ada", LeaveReason.TimedOut), "left",
            """
            "participant":{"number":3,"identity":"ada"},"reason":"timedOut"
            """).SetArgDisplayNames("left"),
        new TestCaseData(new ModeChanged(Forwarded, Committed: true), "mode",
            """
            "mode":"sfu","epoch":7,"reason":"aboveThreshold"
            """).SetArgDisplayNames("mode"),
        new TestCaseData(new RoomAppeared(Room), "room",
            """
            "room":{"region":"eu-west","node":"node-1","epoch":8,"open":true}
            """).SetArgDisplayNames("room opened"),
        new TestCaseData(new RoomDisappeared(Room), "room",
            """
            "room":{"region":"eu-west","node":"node-1","epoch":8,"open":false}
            """).SetArgDisplayNames("room closed"),
        new TestCaseData(
            new SettingsChanged(new ChannelSettings { Mode = ModePolicy.P2P, MaxParticipants = 4, Name = "Lobby" }),
            "settings",
            """
            "settings":{"mode":"p2p","maxParticipants":4,"name":"Lobby","metadata":""}
            """).SetArgDisplayNames("settings"),
    ];

    [TestCaseSource(nameof(Events))]
    public void Json_contains_the_id_numbers_and_properties_of_the_event(ChannelHappening what, string name, string properties)
    {
        var written = WebhookEvents.Write(ChannelId.Parse("lobby"), new ChannelNews(17, At, what), sequence: 5);
        Assert.That(written.Id, Is.EqualTo("lobby/17"));
        Assert.That(written.Sequence, Is.EqualTo(5));
        Assert.That(
            written.Json,
            Is.EqualTo(
                $$"""{"id":"lobby/17","event":"{{name}}","channel":"lobby","sequence":5,"number":17"""
                + $$""","at":"2026-11-27T02:13:10+00:00",{{properties}}}"""));
    }

    [Test]
    public void Uncommitted_mode_change_is_not_sent_to_webhook_receivers() =>
        Assert.That(WebhookEvents.NameOf(new ModeChanged(Forwarded, Committed: false)), Is.Null);

    [Test]
    public void Default_events_have_valid_names() => Assert.That(WebhookEvents.All, Is.SupersetOf(WebhookEvents.Defaults));
}
