using System.Net;
using Hype.MediaClient;

namespace Hype.LoadTest.Tests.Media;

internal sealed class PeerDriverTests
{
    [Test]
    [CancelAfter(10_000)]
    public async Task Call_to_a_disposed_peer_driver_throws_instead_of_waiting(CancellationToken stop)
    {
        var driver = new PeerDriver(IPAddress.Loopback);
        var posting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = Task.Run(
            async () =>
            {
                while (true)
                {
                    await driver.PostAsync(() => 0);
                    posting.TrySetResult();
                }
            },
            stop);
        await posting.Task.WaitAsync(stop);

        driver.Dispose();

        Assert.That(() => waiting.WaitAsync(stop), Throws.TypeOf<ObjectDisposedException>());
    }
}
