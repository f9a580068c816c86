using System.Collections.Concurrent;

namespace Hype.MediaNode.Workers;

/// <summary>
/// A queue of commands from other threads to a worker. A command runs on the worker's thread, between two batches of packets, and its
/// result is returned as a task. Commands are rare (a join, a mute); packets never use the mailbox.
/// </summary>
internal sealed class Mailbox(Action wake)
{
    private readonly ConcurrentQueue<ICommand> _commands = new();
    private volatile bool _closed;

    /// <summary>
    /// Runs a command on the worker's thread. The task fails with the command's exception, or with <see cref="ObjectDisposedException"/>
    /// if the worker has stopped.
    /// </summary>
    public Task<T> PostAsync<T>(Func<T> command)
    {
        var posted = new Command<T>(command);
        _commands.Enqueue(posted);
        if (_closed)
            RefuseAll();
        else
            wake();
        return posted.Result;
    }

    /// <summary>Runs all waiting commands; called by the worker's thread only.</summary>
    public void Run()
    {
        while (_commands.TryDequeue(out var command))
            command.Run();
    }

    /// <summary>Refuses all waiting and future commands.</summary>
    public void Close()
    {
        _closed = true;
        RefuseAll();
    }

    private void RefuseAll()
    {
        while (_commands.TryDequeue(out var command))
            command.Refuse();
    }

    private interface ICommand
    {
        void Run();

        void Refuse();
    }

    private sealed class Command<T>(Func<T> run) : ICommand
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Result => _result.Task;

        public void Run()
        {
            try
            {
                _result.SetResult(run());
            }
            catch (Exception exception)
            {
                _result.SetException(exception);
            }
        }

        public void Refuse() => _result.SetException(new ObjectDisposedException(nameof(MediaWorker)));
    }
}
