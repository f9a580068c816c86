using Hype.MediaNode.Configuration;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Registration;
using Hype.MediaNode.Tests.Testing;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.Tests.Workers;

public sealed class WorkerPoolTests
{
    [Test]
    public async Task Worker_rejects_commands_after_the_worker_pool_is_disposed()
    {
        var pool = NewPool();
        await pool.StartAsync(CancellationToken.None);
        var mailbox = pool.Workers[0].Mailbox;
        Assert.That(await mailbox.PostAsync(() => 42), Is.EqualTo(42), "the thread runs");

        pool.Dispose();
        pool.Dispose();

        Assert.That(async () => await mailbox.PostAsync(() => 42), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Exception_of_a_worker_command_is_returned_to_the_caller_and_the_worker_continues()
    {
        using var pool = NewPool();
        await pool.StartAsync(CancellationToken.None);
        var mailbox = pool.Workers[0].Mailbox;

        Assert.That(
            async () => await mailbox.PostAsync<int>(() => throw new InvalidOperationException("so it is")),
            Throws.InvalidOperationException);
        Assert.That(await mailbox.PostAsync(() => 1), Is.EqualTo(1));
        await pool.StopAsync(CancellationToken.None);
    }

    private static WorkerPool NewPool() =>
        new(
            Options.Create(new MediaNodeOptions { Workers = 1 }), new RoomEventQueue(new ControlMetrics(new TestMeters())),
            new ControlContact(TimeProvider.System), TimeProvider.System, NullLoggerFactory.Instance);
}
