using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that <c>kill -9</c> of the silo that hosts a channel does not interrupt the channel's audio, and that joins, mutes and leaves
/// work again within seconds.
/// </summary>
internal sealed class KillSilo()
    : SiloLoss(new FaultGoal(
        "kill -9 the silo that hosts the channel", "joins, mutes and leaves work again", "ms", 3_000, 6_000, Slack: 2_000))
{
    [Test]
    public Task Audio_continues_and_control_calls_succeed_again_within_seconds() => RepeatAsync(async () =>
    {
        await using var conversation = await Conversation.StartAsync(Cluster, NewChannel(), People);

        await MustBeServedAgainAsync(
            conversation, async () => Cluster.Kill(await ChannelHolder.FindAsync(Cluster, conversation.Channel)));
    });
}
