/** Does work for each item, so many at a time, and answers in the order of the items. The first failure is the answer, and nothing more is begun. */
export async function inTurns<Item, Answer>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  const rest = items.entries();
  let failed = false;
  const worker = async () => {
    for (const [at, item] of rest) {
      if (failed) return;
      answers[at] = await work(item);
    }
  };
  const workers = Array.from({ length: atOnce }, async () => {
    try {
      await worker();
    } catch (error) {
      failed = true;
      throw error;
    }
  });
  await Promise.all(workers);
  return answers;
}
