using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Hype.Clustering;
using Hype.Gateway.Signaling;
using Hype.Grains.Abstractions.Calls;

namespace Hype.Contracts.Tests.Calls;

/// <summary>Tests which grain calls may be repeated, and how long each part waits for another one.</summary>
public sealed partial class IdempotentCallsTests
{
    /// <summary>
    /// The grain calls that are never repeated: a second execution has another effect than the first one. A new call is added here, or it
    /// is marked <see cref="IdempotentAttribute"/>.
    /// </summary>
    private static readonly string[] Once =
    [
        // The second attempt would report that the channel exists.
        "IChannelGrain.Create",
        // The second attempt would also end sessions that began since the first.
        "IChannelGrain.Close",
        // The second attempt would take a second seat, or report that the member has left.
        "IChannelGrain.Move",
        // The second attempt would open a second layout.
        "IChannelGrain.RequestLayout",
        // Each batch is sent once; a gap in the numbers of the batches reveals a lost one.
        "IGatewayObserver.ChannelChanged",
        // The next request is made a second later.
        "IGatewayObserver.RenewLease",
        // The mailbox sends unacknowledged signals again, together with newer ones.
        "IGatewayObserver.Signalled",
    ];

    /// <summary>
    /// The idempotent calls without the timeout of an attempt. A lost call without it is repeated too late.
    /// </summary>
    private static readonly string[] LongTimeout =
    [
        // The node's grain waits 500 ms, and the node's next report follows.
        "IChannelGrain.NodeReported",
        // It waits for the channels of all sessions of the identity.
        "IIdentityGrain.Revoke",
        // These wait for the answer of a media node, which has a timeout of its own (Hype:NodeLease).
        "IMediaNodeGrain.Drain",
        "IMediaNodeGrain.Suspect",
        "IMediaNodeOrdersGrain.Execute",
        // The gateway waits 3 s, and sends the next ping after 1 s.
        "ISiloPingGrain.Ping",
        // The caller repeats them until they succeed; a write may take longer than an attempt.
        "IWebhookOutboxGrain.Store",
        "IWebhookOutboxGrain.Wake",
    ];

    private static readonly MethodInfo[] Calls =
    [
        .. new[] { "Hype.Grains.Abstractions", "Hype.Grains" }
            .SelectMany(assembly => Assembly.Load(assembly).GetTypes())
            .Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance)),
    ];

    [Test]
    public void Every_grain_call_is_marked_as_idempotent_or_listed_as_never_repeated() =>
        Assert.That(Calls.Where(call => !IsIdempotent(call)).Select(NameOf), Is.EquivalentTo(Once));

    [Test]
    public void Every_idempotent_call_has_the_timeout_of_an_attempt_or_is_listed_with_a_reason() => Assert.That(
        Calls.Where(call => IsIdempotent(call) && !HasShortTimeout(call)).Select(NameOf), Is.EquivalentTo(LongTimeout));

    [Test]
    public void Timeouts_grow_from_the_grain_call_outward_to_the_client()
    {
        var attempt = TimeSpan.Parse(CallTimeouts.Attempt, CultureInfo.InvariantCulture);
        var sdk = WelcomeTimeout().Match(Repository.Read("Gateway/wwwroot/sdk/signaling/socket.js")).Groups[1].Value;
        TimeSpan[] timeouts =
        [
            attempt,
            CallRetry.Limit + attempt,
            new SignalingOptions().CallTimeout,
            TimeSpan.FromMilliseconds(int.Parse(sdk, CultureInfo.InvariantCulture)),
        ];
        Assert.That(timeouts, Is.Ordered.Ascending.And.Unique);
    }

    private static bool IsIdempotent(MethodInfo call) => call.IsDefined(typeof(IdempotentAttribute), inherit: false);

    private static bool HasShortTimeout(MethodInfo call) =>
        call.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout <= TimeSpan.Parse(CallTimeouts.Attempt, CultureInfo.InvariantCulture);

    private static string NameOf(MethodInfo call) => $"{call.DeclaringType!.Name}.{call.Name}";

    [GeneratedRegex(@"WELCOME_TIMEOUT_MS = (\d+);")]
    private static partial Regex WelcomeTimeout();
}
